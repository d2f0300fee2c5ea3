"""Whatever a mutant does stays in its own process: every outcome is reported and the next mutant is judged."""

import os
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from gradcheck.gate.loading import load_cases
from gradcheck.mutants.judging import Fate, judge_mutant, rehearse
from gradcheck.workers import Stop, Stopped, Task, contained
from gradcheck.workers.executor import ForkServer
from gradcheck.workers.task import Setup
from tests.mutants.files import CLOSURE, FUNCTION, WRITTEN

LINE = "        dx = dy * w\n"


def judged(ask, path, text, seconds=30.0, examples=12):
    (outcome,) = ask([Task(str(path), text, partial(judge_mutant, indices=(0,), examples=examples, seed=0), seconds)])
    return outcome if isinstance(outcome, Stopped) else outcome.value


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "isolated_cases.py"
    path.write_text(CLOSURE)
    return path


@pytest.fixture(scope="module")
def ask(path):
    with contained([str(path)], load_cases, jobs=1) as ask:
        yield ask


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("while True: pass", Stop.TIMEOUT),
        ("import time; time.sleep(60)", Stop.TIMEOUT),
        ("raise KeyboardInterrupt", Stop.EXITED),
        ("import os; os._exit(3)", Stop.EXITED),
        ("import os; os.abort()", Stop.CRASHED),
    ],
)
def test_what_ends_a_mutant_ends_nothing_else(ask, path, code, why):
    outcome = judged(
        ask, path, CLOSURE.replace(LINE, f"        {code}\n"), seconds=1.0 if why is Stop.TIMEOUT else 30.0
    )
    assert isinstance(outcome, Stopped)
    assert outcome.why is why
    assert judged(ask, path, CLOSURE.replace("dy * w", "dy")).fate is Fate.KILLED
    assert judged(ask, path, CLOSURE).fate is Fate.EQUIVALENT


@pytest.mark.parametrize("error", ["SystemExit(0)", "BaseException('mine')", "GeneratorExit"])
def test_what_is_no_exception_for_others_is_one_for_a_backward(ask, path, error):
    outcome = judged(ask, path, CLOSURE.replace(LINE, f"        raise {error}\n"))
    assert outcome.fate is Fate.KILLED
    assert outcome.code == "GC101"


@pytest.mark.parametrize("code", ["dx = [0] * (1 << 40)", "dx = np.ones(1 << 38)", "dx = bytearray(1 << 34)"])
def test_memory_is_limited(ask, path, code):
    outcome = judged(ask, path, CLOSURE.replace(LINE, f"        {code}\n"))
    assert outcome.fate is Fate.KILLED
    assert outcome.code == "GC101"


@pytest.mark.parametrize(
    "code",
    [
        "open({victim!r}, 'w').write('gone')",
        "open({victim!r}, 'r+b').truncate()",
        "open({victim!r} + '.new', 'x')",
        "import os; os.remove({victim!r})",
        "import os; os.rename({victim!r}, {victim!r} + '.new')",
        "import os; os.chmod({victim!r}, 0)",
        "import os; os.close(os.open({victim!r}, os.O_WRONLY | os.O_TRUNC))",
        "import os; os.system('rm ' + {victim!r})",
        "import subprocess; subprocess.run(['rm', {victim!r}])",
        "import shutil; shutil.rmtree(os.path.dirname({victim!r}))",
        "import os; os.kill(os.getppid(), 9)",
        "import pathlib; pathlib.Path({victim!r}).write_text('gone')",
        "np.save({victim!r} + '.npy', dy)",
    ],
)
def test_nothing_is_written_deleted_or_started(ask, path, tmp_path, code):
    victim = tmp_path / "victim.txt"
    victim.write_text("here")
    text = CLOSURE.replace(LINE, f"        import os\n        {code.format(victim=str(victim))}\n{LINE}")
    outcome = judged(ask, path, text)
    assert outcome.fate is Fate.KILLED
    assert outcome.code == "GC101"
    assert "PermissionError: a mutant may not" in outcome.message
    assert victim.read_text() == "here"
    assert os.stat(victim).st_mode & 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["victim.txt"]


def test_a_mutant_may_write_where_nobody_minds(ask, path):
    code = "import tempfile; tempfile.TemporaryFile().write(b'1'); open('/dev/null', 'w').close()"
    assert judged(ask, path, CLOSURE.replace(LINE, f"        {code}\n{LINE}")).fate is Fate.EQUIVALENT


def test_what_a_mutant_prints_or_reads_goes_nowhere(ask, path, capfd):
    code = "import os, sys; print('loud'); sys.stdin.read(); os.write(1, b'loud')"
    assert judged(ask, path, CLOSURE.replace(LINE, f"        {code}\n{LINE}")).fate is Fate.EQUIVALENT
    assert "loud" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("def broken(:\n", "SyntaxError"),
        (CLOSURE + "raise RuntimeError('at import')\n", "at import"),
        (CLOSURE + "import sys; sys.exit(0)\n", "exit"),
        (CLOSURE + "another = Case(op, '(n),(n)->(n)', name='another')\n", "other cases"),
        (CLOSURE.replace("(n),(n)->(n)", "(n),(n)"), "SignatureError"),
    ],
)
def test_what_cannot_be_imported_is_no_mutant(ask, path, text, part):
    outcome = judged(ask, path, text)
    assert outcome.why is Stop.INVALID
    assert part in outcome.message


def test_the_files_and_modules_of_the_user_stay_as_they_are(path, ask):
    before = path.read_bytes(), path.stat().st_mtime_ns
    module = sys.modules.get("isolated_cases")
    judged(ask, path, CLOSURE.replace("dy * w", "dy"))
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert sys.modules.get("isolated_cases") is module
    assert [entry.name for entry in path.parent.iterdir()] == [path.name], "not even a __pycache__"


@pytest.mark.parametrize(
    ("written", "right", "wrong"),
    [
        ("factory", "dy * factor", "dy + factor"),
        ("helper", "y * (1 - y)", "y * (1 + y)"),
        ("pair", "dy @ weight, dy.T @ x", "dy @ weight, x.T @ dy"),
        ("lambdas", "2 * x * dy", "x * dy"),
        ("object", "3 * self.x**2", "2 * self.x**2"),
    ],
)
def test_every_way_to_write_a_backward_is_loaded_anew(tmp_path, written, right, wrong):
    path = tmp_path / f"{written}_cases.py"
    text = WRITTEN[written][0]
    path.write_text(text)
    assert right in text
    with contained([str(path)], load_cases, jobs=1) as ask:
        assert judged(ask, path, text.replace(right, wrong)).fate is Fate.KILLED
        assert judged(ask, path, text).fate is Fate.EQUIVALENT


def test_a_torch_function_is_loaded_anew(tmp_path):
    pytest.importorskip("torch")
    path = tmp_path / "function_cases.py"
    path.write_text(FUNCTION)
    with contained([str(path)], load_cases, jobs=1) as ask:
        assert judged(ask, path, FUNCTION.replace("dy * w, dy * x", "dy * w, dy")).fate is Fate.KILLED
        assert judged(ask, path, FUNCTION).fate is Fate.EQUIVALENT


def test_a_backward_in_another_module_is_loaded_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    library = tmp_path / "own_library.py"
    library.write_text(CLOSURE)
    path = tmp_path / "library_cases.py"
    path.write_text("from own_library import op\nfrom gradcheck import Case\ncases = [Case(op, '(n),(n)->(n)')]\n")
    with contained([str(path)], load_cases, jobs=1) as ask:
        assert judged(ask, library, CLOSURE.replace("dy * w", "dy")).fate is Fate.KILLED


def test_where_nothing_can_be_forked_each_mutant_gets_a_fresh_process(tmp_path):
    path = tmp_path / "threaded_cases.py"
    text = CLOSURE + "\nimport threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    path.write_text(text)
    with contained([str(path)], load_cases, jobs=1) as ask:
        assert judged(ask, path, text.replace("dy * w", "dy")).fate is Fate.KILLED
        assert judged(ask, path, text).fate is Fate.EQUIVALENT
        loops = judged(ask, path, text.replace(LINE, "        while True: pass\n"), seconds=1.0)
        assert loops.why is Stop.TIMEOUT


def test_an_edited_source_that_nobody_would_use_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "kept_library.py").write_text(CLOSURE)
    path = tmp_path / "keeping_cases.py"
    path.write_text(
        "import json\nfrom gradcheck import Case\n"
        "if not hasattr(json, 'kept_op'):\n    from kept_library import op\n    json.kept_op = op\n"
        "case = Case(json.kept_op, '(n),(n)->(n)')\n"
    )
    work = partial(rehearse, index=0, examples=12, seed=0)
    with contained([str(path)], load_cases, jobs=1) as ask:
        (outcome,) = ask([Task(str(tmp_path / "kept_library.py"), CLOSURE, work, 30.0)])
    assert "would not be used" in outcome.value.refusal


def test_closing_leaves_no_process_behind(path, tmp_path):
    server = ForkServer(Setup((str(path),), load_cases, str(tmp_path), 1 << 30))
    judged(lambda tasks: map(server.ask, tasks), path, CLOSURE)
    group = server._process.pid
    endless = CLOSURE.replace(LINE, "        while True: pass\n")
    asking = threading.Thread(target=judged, args=(lambda tasks: map(server.ask, tasks), path, endless, 600.0))
    asking.start()
    while len(_in_group(group)) < 2:
        assert asking.is_alive()
    server.close()
    asking.join(10)
    assert not asking.is_alive()
    deadline = time.monotonic() + 10
    while _in_group(group) and time.monotonic() < deadline:  # killed, but not yet gone
        time.sleep(0.01)
    assert not _in_group(group)
    with_closed = judged(lambda tasks: map(server.ask, tasks), path, CLOSURE)
    assert with_closed.why is Stop.CRASHED


def _in_group(group):
    """The processes of a group that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(entry.name))
    return found
