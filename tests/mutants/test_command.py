"""``gradcheck prove``: table, survivors, exit codes, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from gradcheck.gate.prove import exit_code
from gradcheck.mutants.judging import Fate

from .files import CLOSURE
from .test_proof import proof

STEEP = """
import numpy as np
from gradcheck import Case


def steep(x):
    slope = np.where(x > 0.5, 3.0, 1.0)

    def steep_vjp(dy):
        return (dy * slope,)

    return x * slope, steep_vjp


case = Case(steep, "(n)->(n)")
"""
BUILTIN = """
import numpy as np
from gradcheck import Case
from gradcheck.adapters import from_pair

builtin = Case(from_pair(lambda x: (2.0 * x, 2.0), np.multiply), "(n)->(n)", name="builtin")
"""
WRONG = """
from gradcheck import Case


def twice(x):
    def twice_vjp(dy):
        return (dy * 3,)

    return x * 2, twice_vjp


wrong = Case(twice, "(n)->(n)", name="wrong")
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Write a case file and prove it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])

    def runner(text, *arguments, name="mine.py", target=None):
        (tmp_path / name).write_text(text)
        result = CliRunner().invoke(main, ["prove", target or name, "--jobs", "1", *arguments])
        return result.exit_code, result.output

    return runner


def test_a_gate_that_kills_every_mutant(run):
    code, output = run(CLOSURE, "--examples", "12", "--sample", "6")
    assert code == 0, output
    assert re.search(r"100% +\d/3  op +6 +\d+ +0 +0 +\d+ +0 ", output)
    assert re.search(r"score 100% over \d of 3 lines in", output)
    assert "killed by GC" in output


def test_survivors_are_listed_with_diff_line_and_sentence(run):
    code, output = run(STEEP, "--examples", "1")
    assert code == 1, output
    assert "survived: mine.py:10 in steep.<locals>.steep_vjp, " in output
    assert "  -        return (dy * slope,)\n  +        return (" in output
    assert "score 100%" not in output


def test_fewer_may_be_enough(run):
    assert run(STEEP, "--examples", "1", "--fail-under", "40")[0] == 0


def test_the_seed_makes_the_proof_again(run):
    def rows(seed):
        _, output = run(STEEP, "--examples", "1", "--sample", "9", "--seed", seed)
        return [re.sub(r"[\d.]+( s)?$", "", line) for line in output.splitlines()]

    assert rows("3") == rows("3") != rows("4")


def test_what_cannot_be_proved_is_said_and_the_rest_is_proved(run):
    code, output = run(CLOSURE + BUILTIN + WRONG, "--examples", "12", "--sample", "3")
    assert code == 3, output
    assert "  builtin: its vjp runs no Python function of its own" in output
    assert "  wrong: it is wrong as it stands: wrong: wrong, GC301" in output
    assert "1 backwards, 3 mutants" in output
    assert "2 cases not provable" in output


def test_nothing_proved_is_not_green(run):
    code, output = run(BUILTIN)
    assert code == 3
    assert "nothing proved" in output


@pytest.mark.parametrize(
    ("text", "target", "part"),
    [
        ("", "nowhere.py", "nowhere.py does not exist"),
        ("", "mine.py", "holds no case"),
        (CLOSURE, "mine.py::left", "no case named left"),
        ("raise RuntimeError('no')", "mine.py", "RuntimeError: no"),
    ],
)
def test_usage(run, text, target, part):
    code, output = run(text, target=target)
    assert code == 2
    assert part in output
    assert len(output.strip().splitlines()) == 1


@pytest.mark.parametrize("option", [("--sample", "0"), ("--jobs", "0"), ("--fail-under", "101"), ("--timeout", "0")])
def test_numbers_that_make_no_sense(run, option):
    assert run(CLOSURE, *option)[0] == 2


def test_exit_codes():
    assert exit_code([proof(Fate.KILLED)], False, 100) == 0
    assert exit_code([proof(Fate.KILLED), proof(Fate.SURVIVED, Fate.KILLED)], True, 100) == 1
    assert exit_code([proof(Fate.SURVIVED, Fate.KILLED)], False, 50) == 0
    assert exit_code([proof(Fate.SURVIVED, Fate.KILLED)], False, 51) == 1
    assert exit_code([proof(Fate.UNDECIDED)], False, 1) == 1
    assert exit_code([proof(Fate.KILLED)], True, 100) == 3
    assert exit_code([proof(Fate.EQUIVALENT)], False, 100) == 3
    assert exit_code([], False, 0) == 3


def test_ctrl_c_ends_every_process(tmp_path):
    (tmp_path / "slow.py").write_text(
        CLOSURE.replace("        dx = dy * w\n", "        dx = dy * w\n        import time; time.sleep(0.2)\n")
    )
    heeded = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # what `&` starts ignores it
    module = f"{heeded}import runpy; runpy.run_module('gradcheck', run_name='__main__')"
    command = [sys.executable, "-c", module, "prove", str(tmp_path / "slow.py"), "--jobs", "2"]
    path = os.pathsep.join([*filter(None, sys.path)])
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(tmp_path)},
    )
    deadline = time.monotonic() + 60
    while not _fork_servers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "interrupted" in output
    assert not _fork_servers(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "__pycache__"] == ["slow.py"]


def _fork_servers(folder):
    """The processes that were told where the cases lie and still run."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        ours = any("workers/start.py" in word for word in words)
        if ours and any(str(folder) in word for word in words):
            found += [entry.name] if state != "Z" else []
    return found
