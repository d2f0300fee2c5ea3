"""Ops that end, freeze or disfigure the process that they are judged in: a row each, and the next case is judged."""

import json
import re

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main

HEAD = """
import atexit, ctypes, faulthandler, os, random, signal, sys, threading, time, warnings
import numpy as np
from gradcheck import Case

ops = []

def hostile(function):
    ops.append(function)
    return function

def slope(x, dy, factor=2):
    return (factor * x * dy,)
"""

ROWS = {
    # what the op does, in its vjp of a right square: the word of its row, and what is said of it
    "os.abort()": ("error", "SIGABRT"),
    "os._exit(0)": ("error", "exit code 0"),
    "os._exit(7)": ("error", "exit code 7"),
    "os.kill(os.getpid(), signal.SIGKILL)": ("error", "SIGKILL"),
    "os.kill(os.getpid(), signal.SIGTERM)": ("error", "SIGTERM"),
    "faulthandler._sigsegv()": ("error", "SIGSEGV"),
    "ctypes.string_at(0)": ("error", "SIGSEGV"),
    "os.killpg(0, signal.SIGKILL)": ("error", "SIGKILL"),
    "os.closerange(3, 1000)": ("error", "no verdict"),
    "raise KeyboardInterrupt": ("error", "KeyboardInterrupt"),
    "np.abs = len": ("error", "numpy.abs"),
    "np.linalg.norm = max": ("error", "numpy.linalg.norm"),
    "import gradcheck.report.report as r; r.Report.verdict = 'correct'": ("error", "Report.verdict"),
    "import gradcheck.numerics as n; n.within = lambda *_: True": ("error", "gradcheck.numerics.within"),
    "import builtins; builtins.max = min": ("error", "builtins.max"),
    "raise SystemExit(0)": ("wrong", "SystemExit: 0"),
    "import pytest; pytest.skip('not now')": ("wrong", "Skipped: not now"),
    "raise BaseException": ("wrong", "BaseException: no message"),
    "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})": ("wrong", "whose text raises ZeroDivisionError"),
    "raise ValueError('\\x1b[2J\\x1b[H1 correct \\x9b31m \\x07' + 'z' * 10**6)": ("wrong", r"ValueError: \x1b[2J"),
    "raise ValueError('\\ud800')": ("wrong", r"\ud800"),
    "return None": ("wrong", "GC102"),
    "return iter(())": ("wrong", ""),
    "return (object(),)": ("wrong", ""),
    "sys.stdout.close()": ("correct", ""),
    "sys.stdout = sys.stderr = None": ("correct", ""),
    "os.close(1)": ("wrong", "OSError"),
    "os.closerange(0, 3)": ("correct", ""),
    "atexit.register(os._exit, 0)": ("correct", ""),
    "print('[\"judged\", {}]'); os.write(1, b'[\"judged\"]\\n')": ("correct", ""),
    "print('x' * 10**6)": ("correct", ""),
    "sys.setrecursionlimit(80)": ("correct", ""),
    "np.seterr(all='raise')": ("correct", ""),
    "sys.settrace(lambda *_: None)": ("correct", ""),
    "sys.setprofile(lambda *_: None)": ("correct", ""),
    "os.chdir('/')": ("correct", ""),
    "os.environ.clear()": ("correct", ""),
    "random.seed(0); np.random.seed(0)": ("correct", ""),
    "signal.signal(signal.SIGALRM, signal.SIG_IGN)": ("correct", ""),
    "warnings.simplefilter('error')": ("correct", ""),
    "threading.Thread(target=time.sleep, args=(600,)).start() if threading.active_count() < 3 else 0": ("correct", ""),
    "os.fork() or os._exit(0)": ("correct", ""),
    "sys.exitfunc = os.abort": ("correct", ""),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """One run over all of them, and a right op after each: what JSON says of every case, and the exit code."""
    folder = tmp_path_factory.mktemp("hostile")
    text = HEAD
    for number, does in enumerate(ROWS):
        text += (
            f"\n@hostile\ndef op_{number}(x):\n    def op_vjp(dy):\n        {does}\n        return slope(x, dy)\n"
            "    return x * x, op_vjp\n"
        )
    text += "\ncases = [Case(op, '(n)->(n)') for op in ops]\n"
    (folder / "hostile_cases.py").write_text(text)
    arguments = [str(folder / "hostile_cases.py"), "--examples", "2", "--json", str(folder / "out.json")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(main, ["run", *arguments])
    return result, json.loads((folder / "out.json").read_text())


@pytest.mark.parametrize("number", range(len(ROWS)), ids=ROWS)
def test_what_an_op_does_to_its_process_is_a_row(judged, number):
    word, part = list(ROWS.values())[number]
    result, document = judged
    case = document["cases"][number]
    assert case["name"] == f"op_{number}"
    said = json.dumps(case, ensure_ascii=False) + "".join(
        line for line in result.output.splitlines() if f"op_{number}:" in line
    )
    assert (case["verdict"] or "error") == word, said
    assert part in said.replace("\\\\", "\\")


def test_the_exit_code_is_that_of_the_worst_and_nothing_reaches_the_terminal_raw(judged):
    result, document = judged
    assert result.exit_code == 1
    assert len(document["cases"]) == len(ROWS)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", result.output)
    assert '["judged"' not in result.output
