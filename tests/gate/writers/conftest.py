"""A folder with a case file, and the command run over it."""

import os
import shlex
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main

ROOT = Path(__file__).parents[3]
OPS = """
    import numpy as np
    from gradcheck import Case

    def sine(factor):
        def op(x):
            def op_vjp(dy):
                return (factor * np.cos(x) * dy,)
            return np.sin(x), op_vjp
        return op

    def flat(x):
        return np.ones_like(x), lambda dy: (np.zeros_like(x),)

    def linear(x, w, b):
        def linear_vjp(dy):
            return dy @ w, dy.T @ x, dy.mean(0)
        return x @ w.T + b, linear_vjp
"""
RIGHT = "right = Case(sine(1), '(n)->(n)', name='right')\n"
WRONG = "bad = Case(sine(2), '(n)->(n)', name='bad')\n"
LINEAR = "lin = Case(linear, '(n,i),(o,i),(o)->(n,o)')\n"
VACUOUS = "vacuous = Case(flat, '(n)->(n)', name='vacuous')\n"
BROKEN = "broken = Case(lambda x: x, '(n)->(n)', name='broken')\n"
ALL = RIGHT + WRONG + LINEAR + VACUOUS + BROKEN
PLAIN = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE")


def write_cases(folder, cases, name="mine.py"):
    """Write a case file of the ops above and these cases."""
    path = folder / name
    path.write_text(textwrap.dedent(OPS) + cases)
    return path


def plain_environment():
    """As little as the command needs: nothing of who runs this suite."""
    kept = {name: value for name, value in os.environ.items() if name not in PLAIN}
    return kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm"}


def run_process(folder, *arguments, examples=4, **more):
    """Run the command in a folder as a user does, in a process of its own with a plain environment."""
    words = [sys.executable, "-m", "gradcheck", "run", *arguments, "--examples", str(examples)]
    environment = plain_environment() | more.pop("env", {})
    return subprocess.run(words, cwd=folder, env=environment, text=True, capture_output=True, timeout=60, **more)


def run_gate(*arguments, examples=4, env=None):
    """Run the command here, in this process and the folder that it is in."""
    words = ["run", *arguments, "--in-process", "--examples", str(examples)]
    return CliRunner().invoke(main, words, env=dict.fromkeys(PLAIN) | (env or {}))


@pytest.fixture
def case_file(tmp_path):
    """`write_cases` in the folder of the test."""
    return partial(write_cases, tmp_path)


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """`run_gate` in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    return run_gate


@pytest.fixture
def shell(tmp_path):
    """Run ``gradcheck run --in-process --examples 4`` and what follows it, as a shell reads that."""

    def run(rest):
        words = shlex.join([sys.executable, "-m", "gradcheck", "run", "--in-process", "--examples", "4"])
        how = {"cwd": tmp_path, "env": plain_environment(), "text": True, "capture_output": True, "timeout": 60}
        return subprocess.run(["bash", "-c", f"set -o pipefail; {words} {rest}"], **how)

    return run
