"""A folder with a case file, and the command run over it."""

import os
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import pytest

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


def run_gate(folder, *arguments, examples=6, command="run", **more):
    """Run the command in a folder as a user does, in a process of its own with a plain environment."""
    environment = {name: value for name, value in os.environ.items() if name not in PLAIN}
    environment |= {"PYTHONPATH": str(ROOT), "TERM": "xterm"} | more.pop("env", {})
    words = [sys.executable, "-m", "gradcheck", command, *arguments]
    words += ["--examples", str(examples)] if examples else []
    streams = {} if {"stdout", "stderr"} & set(more) else {"capture_output": True}
    return subprocess.run(words, cwd=folder, env=environment, text=True, timeout=60, **streams, **more)


@pytest.fixture
def case_file(tmp_path):
    """`write_cases` in the folder of the test."""
    return partial(write_cases, tmp_path)


@pytest.fixture
def gate(tmp_path):
    """`run_gate` in the folder of the test."""
    return partial(run_gate, tmp_path)
