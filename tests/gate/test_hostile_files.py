"""Case files that print, exit, die, loop or move at import; tokens by hand; output that cannot be written; signals."""

import base64
import json
import re
import signal
import subprocess
import textwrap
import time
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradcheck.gate import pool
from gradcheck.gate.cli import main
from gradcheck.gate.token import VERSION
from gradcheck.workers import asked, launcher
from tests.command import GRADCHECK, finished, started

from .ctrl_c import heeded

CASE = """
from gradcheck import Case

def square(x):
    return x * x, lambda dy: (2 * x * dy,)

case = Case(square, "(n)->(n)")
"""
WRONG = CASE.replace("2 * x", "3 * x")
SECOND = """
def twice(x):
    return 2 * x, lambda dy: (2 * dy,)

second = Case(twice, "(n)->(n)")
"""
LIARS = """
class Liar(type):
    def __instancecheck__(self, other): raise RuntimeError
    def __getattribute__(self, name): raise RuntimeError(name)
class Says:
    @property
    def __class__(self): return Case
    def __eq__(self, other): raise ValueError
    __hash__ = __bool__ = __len__ = __eq__
class Endless(list):
    def __iter__(self): raise RuntimeError
    __len__ = __iter__
from gradcheck import Case
liar, says, endless, table, inner = Liar("liar", (), {}), Says(), Endless([Says()]), {1: Says()}, []
inner.append(inner)
def __getattr__(name): raise RuntimeError(name)
"""
LEAVE = "gradcheck computes and judges with: leave it as it is"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Write files and run a subcommand over the first, in this process."""
    monkeypatch.chdir(tmp_path)

    def runner(*arguments, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        result = CliRunner().invoke(main, list(arguments))
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    return runner


@pytest.mark.parametrize(
    "command", [("run", "--examples", "2"), ("prove", "--sample", "1"), ("fix",)], ids=lambda c: c[0]
)
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("import os; os._exit(0)", "exit code 0"),
        ("import os; os.abort()", "SIGABRT"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("print('reading weights'); import os; os._exit(3)", 'after it had printed "reading weights"'),
        ("raise SystemExit(0)", "it calls exit(0)"),
        ("raise BaseException('mine')", "BaseException: mine"),
        ("raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})", "whose text raises ZeroDivisionError"),
        ("raise ValueError('\\x1b[2Jgone\\nforged')", r"\x1b[2Jgone forged"),
    ],
)
def test_a_file_that_ends_its_process_is_one_sentence_and_exit_code_2(run, command, text, part):
    code, output = run(command[0], "mine.py", *command[1:], mine=f"{CASE}\n{text}\n")
    assert code == 2, output
    assert part in output
    assert len(output.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "while True: pass",
        "import time; time.sleep(600)",
        "import signal; signal.pthread_sigmask(0, range(1, 60)); signal.pause()",
    ],
)
def test_a_file_that_never_ends_is_ended(run, text, monkeypatch):
    monkeypatch.setattr(pool, "LOADING", 1.0)
    start = time.monotonic()
    code, output = run("run", "mine.py", "--timeout", "1", mine=text)
    assert code == 2
    assert "had not answered within 1 s" in output
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "does",
    [
        "print('loud'); import os; os.write(1, b'loud'); os.system('echo loud')",
        "import os; os.chdir('/')",
        "import sys; sys.path.clear(); sys.meta_path.clear(); sys.setrecursionlimit(60)",
        "import sys, json; json.dumps = json.loads = len; sys.setprofile(lambda *a: None)",
        LIARS,
        "import atexit, os; atexit.register(os._exit, 0)",
        "import sys; sys.exit = lambda code=0: None",
        "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start()",
        "import numpy as np; np.seterr(all='raise'); np.float = float",
        "import os; os.fork() or os._exit(0)",
    ],
)
def test_what_a_file_does_at_import_changes_no_verdict(run, does):
    code, output = run("run", "mine.py", "--examples", "2", mine=f"{does}\n{WRONG}")
    assert code == 1, output
    assert "GC301 at `x[0]`, mine.py" in output or "GC301" in output
    assert "loud" not in output


@pytest.mark.parametrize(
    ("does", "name"),
    [
        ("import numpy as np; np.abs = len", "numpy.abs"),
        ("import math; math.isfinite = bool", "math.isfinite"),
        (
            "import gradcheck.numerics.tolerance as t; t.within.__code__ = (lambda error, tolerance: True).__code__",
            "gradcheck.numerics.tolerance.within.__code__",
        ),
        ("import gradcheck.report as r; r.Report.errors = ()", "gradcheck.report.report.Report.errors"),
        ("import functools; functools.cached_property.__get__ = None", "functools.cached_property.__get__"),
        ("import enum; enum.Enum.__eq__ = lambda *both: True", "enum.Enum.__eq__"),
        ("import enum; enum.EnumMeta.__getattribute__ = None", "enum.EnumType.__getattribute__"),
    ],
)
def test_what_gradcheck_computes_with_is_not_replaced(run, does, name):
    """At import and in a call, after which that one case has no verdict, and the next one is judged."""
    for more in ([], ["--in-process"]):
        code, output = run("run", "mine.py", *more, mine=f"{does}\n{CASE}")
        assert (code, output) == (2, f"gradcheck: mine.py {told(name)}, which {LEAVE}\n")
        inside = CASE.replace("    return", f"    {does}\n    return") + SECOND
        code, output = run("run", "mine.py", "--examples", "3", *more, mine=inside)
        assert (code, "1 correct, 1 error" in output) == (2, True), output
        assert f"square: no verdict: it {told(name)}" in output


def told(name):
    return f"puts something else in the place of `{name}`"


@pytest.mark.parametrize("command", ["prove", "fix", "replay"])
def test_no_command_computes_with_what_was_replaced(run, command):
    """As `run` does not, whatever it is that was replaced."""
    does = "import numpy as np; np.abs = len"
    token = by_hand()
    for more in ([], ["--in-process"]):
        code, output = run(command, token if command == "replay" else "mine.py", *more, mine=f"{does}\n{CASE}")
        assert (code, output) == (2, f"gradcheck: mine.py {told('numpy.abs')}, which {LEAVE}\n")
    inside = CASE.replace("    return", f"    {does}\n    return") + SECOND
    code, output = run(command, token if command == "replay" else "mine.py::square", mine=inside)
    assert code in (2, 3)
    assert told("numpy.abs") in output


EACH = "for fd in range(1024):\n        try: os.write(fd, {!r})\n        except OSError: pass"
FORGED = b'["judged", {"report": null, "token": null, "error": null, "fresh": false}]\n'
UNREADABLE, UNHEARD = "gave an answer that nobody can read", "could not answer: find what closes or replaces"
SPENT = "t = time.process_time()\n    while time.process_time() < t + 3: pass"
ODD = {
    "garbage": (EACH.format(b"garbage\n"), UNREADABLE),
    "forged": (EACH.format(FORGED), UNREADABLE),
    "forged_whole": (EACH.format(b'["0123456789abcdef", ' + FORGED[1:]), "it is none of gradcheck's"),
    "closes": ("os.closerange(3, 4096)", UNHEARD),
    "elsewhere": ("[os.dup2(os.open('/dev/null', os.O_RDWR), fd) for fd in range(200, 300)]", UNHEARD),
    "audits": ("sys.addaudithook(lambda *a: 1 / 0)", UNHEARD),
    "traces": (
        "def told(*a): raise KeyError('mine')\n    sys.settrace(told)",
        "raises where nobody has called it: KeyError",
    ),
    "unloads": ("sys.modules.clear()", "puts something else in the place of `sys.modules."),
    "ends_group": ("os.killpg(0, signal.SIGKILL)", "SIGKILL"),
    "spends": (f"resource.setrlimit(resource.RLIMIT_CPU, (1, 9))\n    signal.setitimer(0, 0)\n    {SPENT}", "SIGXCPU"),
    "no_files": ("resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))", ""),
    "no_memory": ("resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20))", ""),
    "blocks": ("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])", ""),
    "encodes": ("json.JSONEncoder.encode = json.JSONEncoder.iterencode = lambda *a: '[]'", ""),
    "copies": ("if os.fork() == 0: os.setsid(), time.sleep(600)", ""),
}


def test_what_an_op_does_to_its_process_costs_its_own_verdict_at_most(run):
    """A right case comes after each, in the same file: it is called right whatever was done before."""
    files = {
        name: "import json, os, resource, signal, sys, time\n"
        + CASE.replace("square", name).replace("    return", f"    {does}\n    return")
        + CASE.replace("case =", "second =").replace("square", f"after_{name}")
        for name, (does, _) in ODD.items()
    }
    words = ["--examples", "1", "--timeout", "5", "--workers", "2"]
    code, output = run("run", *(f"{name}.py" for name in files), *words, **files)
    assert code == 2, output
    for name, (_, part) in ODD.items():
        assert re.search(rf"^correct +after_{name} ", output, re.MULTILINE), output
        row = "error" if part else "correct"
        assert re.search(rf"^{row} +{name} ", output, re.MULTILINE), output
        assert not part or re.search(rf"^error: {name}: no verdict: .*{re.escape(part)}", output, re.MULTILINE), output


def test_a_clean_process_that_is_stopped_is_replaced(run, monkeypatch):
    monkeypatch.setattr(launcher, "GONE", 0.5)
    monkeypatch.setattr(launcher, "FAREWELL", 0.5)
    launcher.launcher().close()
    text = CASE.replace("    return", "    os.kill(os.getppid(), signal.SIGSTOP)\n    return")
    code, output = run("run", "mine.py", "other.py", "--examples", "1", mine="import os, signal\n" + text, other=WRONG)
    assert (code, "1 correct, 1 wrong" in output) == (1, True), output
    launcher.launcher().close()


def test_the_clean_process_runs_no_plugin(tmp_path):
    """Hypothesis imports what other packages register with it, such as all of trio and pytest with selenium's."""
    (tmp_path / "plugged-1.0.dist-info").mkdir()
    (tmp_path / "plugged-1.0.dist-info" / "METADATA").write_text("Name: plugged\nVersion: 1.0\n")
    (tmp_path / "plugged-1.0.dist-info" / "entry_points.txt").write_text("[hypothesis]\nplugged = plugged\n")
    (tmp_path / "plugged.py").write_text("raise SystemExit(7)\n")
    told = "import os\nassert os.environ['HYPOTHESIS_NO_PLUGINS'] == ''\n"
    (tmp_path / "mine.py").write_text(told + CASE)
    env = {"PYTHONPATH": str(tmp_path), "HYPOTHESIS_NO_PLUGINS": ""}
    process = start(tmp_path, "run", "mine.py", "--examples", "2", env=env, stdout=subprocess.PIPE)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors, "1 correct" in output) == (0, "", True), output


def test_a_copy_that_an_op_forks_judges_nothing(run, tmp_path):
    """Else each copy would go on as the worker does, and fork at its next call: until the machine is full."""
    text = CASE.replace("    return", "    tell('f')\n    os.fork()\n    return")
    tell = (
        "import os\ndef tell(what):\n    with open('told.txt', 'a') as file:\n        file.write(what)\n"
        "    if os.path.getsize('told.txt') > 20_000:\n        os._exit(1)\n"
    )
    code, output = run("fix", "mine.py", "--examples", "5", mine=tell + text)
    assert (code, output) == (0, "square is correct as it is: there is nothing to mend\n")
    assert len((tmp_path / "told.txt").read_text()) < 2_000


def test_each_file_has_its_own_helper(tmp_path, run):
    for folder, factor in (("one", 2), ("two", 3)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "helper.py").write_text(f"FACTOR = {factor}\n")
        text = CASE.replace("2 * x", "helper.FACTOR * x").replace("square", folder)
        (tmp_path / folder / "cases.py").write_text(f"import helper\n{text}")
    code, output = run("run", "one/cases.py", "two/cases.py", "--examples", "2")
    assert code == 1
    assert re.search(r"^correct +one ", output, re.MULTILINE)
    assert re.search(r"^wrong +two ", output, re.MULTILINE)


def test_a_call_that_nothing_inside_can_end_is_ended(run, monkeypatch):
    monkeypatch.setattr(asked, "OVERDUE", 0.5)
    text = CASE + (
        "import itertools, time\n"
        "def swallowing(x):\n    while True:\n        try:\n            time.sleep(1)\n"
        "        except BaseException:\n            pass\n"
        "def in_c(x):\n    return sum(itertools.repeat(0))\n"
        "def drawing(rng):\n    return swallowing(rng)\n"
        "cases = [Case(swallowing, '(n)->(n)'), Case(in_c, '(n)->(n)'), Case(square, inputs=drawing, name='drawing')]\n"
    )
    start = time.monotonic()
    code, output = run("run", "mine.py", "--examples", "2", "--timeout", "1", "--workers", "4", mine=text)
    assert code == 2, output
    assert "1 correct, 3 error" in output
    assert output.count("had not returned from a call in time, nor could the call be ended") == 3
    assert time.monotonic() - start < 25


def rows(output):
    """What was printed, but for seconds."""
    return re.sub(r"\d+\.\d+( s)?$", "", output, flags=re.MULTILINE)


def test_several_workers_print_what_one_prints(run):
    text = (
        CASE
        + "".join(f"case_{n} = Case(square, '(n)->(n)', name='case {n}')\n" for n in range(3))
        + WRONG.replace("case =", "wrong =").replace("square", "cube")
    )
    text += "import os, time\nslow = Case(lambda x: time.sleep(0.002) or square(x), '(n)->(n)', name='slow')\n"
    text += "dies = Case(lambda x: os.abort(), '(n)->(n)', name='dies')\n"
    (one, first), *others = [
        run("run", "mine.py::slow", "other.py", "mine.py", "--examples", "3", "--workers", n, mine=text, other=CASE)
        for n in ("1", "3")
    ]
    assert one == 1
    assert "dies: no verdict" in first
    for code, output in others:
        assert code == one
        assert rows(output) == rows(first)


def test_in_process_says_the_same(run):
    text = CASE + WRONG.replace("case =", "wrong =").replace("square", "cube")
    code, output = run("run", "mine.py", "--examples", "3", mine=text)
    assert (code, rows(output)) == (1, rows(run("run", "mine.py", "--examples", "3", "--in-process", mine=text)[1]))


def test_ten_thousand_cases_are_counted_at_once(run):
    text = CASE.replace("case =", "cases = [") + "] + [Case(square, '(n)->(n)', name=f'n{i}') for i in range(10_000)]"
    text = CASE + "more = [Case(square, '(n)->(n)', name=f'n{i}') for i in range(10_000)]\n"
    start = time.monotonic()
    code, output = run("run", "mine.py::n9999", "--examples", "1", mine=text)
    assert code in (0, 3), output
    code, output = run("run", "mine.py::n10000", mine=text)
    assert code == 2
    assert len(output) < 500
    assert time.monotonic() - start < 15


def packed(data):
    """A token of these data."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


def by_hand(**example):
    return packed([VERSION, "mine.py", "square", 0, {"sizes": {"n": 2}, **example}, 10, 0])


@pytest.mark.parametrize(
    "token",
    [
        by_hand(sizes={"n": -1}),
        by_hand(sizes={"n": 10**12}),
        by_hand(sizes={"n": 10**40}),
        by_hand(sizes={"n": True}),
        by_hand(sizes=[2]),
        by_hand(sizes={"m": 2}),
        by_hand(seed=-5),
        by_hand(seed=1.5),
        by_hand(scale="big"),
        by_hand(scale=[]),
        by_hand(scale="nan"),
        by_hand(scale=-1.0),
        by_hand(borders=5),
        by_hand(plant="border", borders={"x": ["a"]}),
        by_hand(plant="border", borders={"x": ["inf"]}),
        by_hand(loops=[[2], [3]]),
        by_hand(loops="abc"),
        by_hand(where="y"),
        by_hand(where=5),
        by_hand(options={"p": 0}),
        by_hand(options=None),
        by_hand(__class__="x"),
        packed([VERSION, "mine.py", "square", 0, None, 5, -1]),
        packed([VERSION, "mine.py", "square", -1, None, 5, 0]),
        packed([VERSION, "mine.py", "square", 0, None, 0, 0]),
        packed([VERSION, "", "square", 0, None, 5, 0]),
        packed([VERSION, "a" * 5000 + ".py", "square", 0, {}, 5, 0]),
        packed([VERSION, "mi\0ne.py", "square", 0, {}, 5, 0]),
        packed([VERSION, "\x1b[2J.py", "square", 0, {}, 5, 0]),
        packed([str(VERSION), "mine.py", "square", 0, {}, 5, 0]),
        packed({"version": VERSION}),
        packed(b"[" * 200_000 + b"]" * 200_000),
        packed(b"[1, NaN]"),
        packed(b"\xff\xfe"),
        "",
        "=",
        "\x1b[2J",
        "\ud800",
        "é" * 30,
    ],
)
def test_a_token_by_hand_is_one_sentence(run, token):
    code, output = run("replay", "--", token, mine=CASE)
    assert code == 2, output
    assert len(output.strip().splitlines()) <= 3  # click adds how to get help
    assert "\x1b" not in output


def start(folder, *arguments, env=None, **how):
    """The command in a process of its own, which keeps what is for a while in its folder."""
    return started(
        folder, [*GRADCHECK, *arguments], {"TMPDIR": str(folder), **(env or {})}, stderr=subprocess.PIPE, **how
    )


@pytest.mark.parametrize("env", [{"COLUMNS": "0"}, {"COLUMNS": "-3", "PYTHONIOENCODING": "ascii"}, {"TERM": "dumb"}])
def test_every_terminal_gets_the_answer(tmp_path, env):
    name = "größe \\ud800 \\x1b[2J"
    (tmp_path / "mine.py").write_text(CASE.replace('"(n)->(n)"', f'"(n)->(n)", name="{name}"'))
    process = start(tmp_path, "run", "mine.py", "--examples", "2", env=env, stdout=subprocess.PIPE)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert "1 correct" in output
    assert "\x1b" not in output


def test_output_that_cannot_be_written_is_no_verdict(tmp_path):
    (tmp_path / "mine.py").write_text(CASE)
    with open("/dev/full", "w") as full:
        process = start(tmp_path, "run", "mine.py", "--examples", "2", stdout=full)
        _, errors = process.communicate(timeout=60)
    assert process.returncode in (2, 3)
    assert "Traceback" not in errors
    process = start(tmp_path, "run", "mine.py", "--examples", "2", stdout=subprocess.PIPE)
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    words = ["sh", "-c", 'exec "$@" >&-', "sh", *GRADCHECK, "run", "mine.py", "--examples", "2"]
    shell = finished(tmp_path, words)
    assert (shell.returncode, shell.stderr) == (0, "")


SLOW = """
import os, time
from pathlib import Path
from gradcheck import Case

def tell(what):
    Path(__file__).with_name("told.txt").write_text(what)

{at_import}

def op(x):
    tell("judging")
    time.sleep({seconds})
    return x * x, lambda dy: (2 * x * dy,)

cases = [Case(op, "(n)->(n)", name=f"case {{n}}") for n in range(3)]
"""


@pytest.mark.parametrize(
    ("number", "command", "at_import"),
    [
        (signal.SIGINT, "run", ""),
        (signal.SIGKILL, "run", ""),
        (signal.SIGTERM, "run", "tell('importing'); time.sleep(600)"),
        (signal.SIGHUP, "fix", "tell('importing'); time.sleep(600)"),
    ],
)
def test_a_signal_leaves_no_process_and_no_folder(tmp_path, number, command, at_import):
    (tmp_path / "mine.py").write_text(SLOW.format(at_import=at_import, seconds=0.05 if not at_import else 0))
    with heeded():
        process = start(tmp_path, command, "mine.py", stdout=subprocess.PIPE)
    wait_for((tmp_path / "told.txt").exists)
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    if number is signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 3, output + errors
        assert "interrupted" in output + errors
        assert "Traceback" not in output + errors
    wait_for(lambda: not processes_in(tmp_path))
    if number is not signal.SIGKILL:
        left = {entry.name for entry in tmp_path.iterdir()} - {"mine.py", "told.txt", "__pycache__"}
        assert not left


def wait_for(happened):
    late = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < late
        time.sleep(0.02)


def processes_in(folder):
    """The processes that have this working directory."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").resolve() == folder:
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue
    return [words for words in found if words]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["fix", "mine.py::"], "'mine.py::' is one of the cases"),
        (["prove", "mine.py::"], "'mine.py::' is one of the cases"),
        (["run", "mine.py:square"], "did you mean mine.py::square?"),
        (["explain", ""], "no code or word ''"),
        (["replay", ""], "'' is no token"),
        (["run", "mine.py", "--reason", "x"], "--update-baseline"),
        (["run", "mine.py", "--json", ""], "--json is ''"),
        (["run", "mine.py", "--baseline", "b.json", "--update-baseline", "--expires", "2020-01-01"], "which is over"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_what_names_nothing_is_one_sentence(run, words, part):
    code, output = run(*words, mine=CASE)
    assert (code, part in output, len(output.splitlines())) == (2, True, 1), output


def test_two_runs_in_one_folder_do_not_meet(tmp_path):
    (tmp_path / "mine.py").write_text(textwrap.dedent(WRONG))
    both = [start(tmp_path, "run", "mine.py", "--examples", "5", stdout=subprocess.PIPE) for _ in range(2)]
    outputs = [rows(process.communicate(timeout=60)[0]) for process in both]
    assert [process.returncode for process in both] == [1, 1]
    assert outputs[0] == outputs[1]
