"""A folder with a case file, and the command run over it."""

import shlex
from functools import partial

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from tests.command import BROKEN, CASE_FILE, GRADCHECK, LINEAR, PLAIN, RIGHT, VACUOUS, WRONG, finished

ALL = RIGHT + WRONG + LINEAR + VACUOUS + BROKEN


def write_cases(folder, cases, name="mine.py"):
    """Write a case file of the ops above and these cases."""
    path = folder / name
    path.write_text(CASE_FILE + cases)
    return path


def run_process(folder, *arguments, examples=4, **more):
    """Run the command in a folder as a user does, in a process of its own with a plain environment."""
    return finished(folder, [*GRADCHECK, "run", *arguments, "--examples", str(examples)], **more)


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
        words = shlex.join([*GRADCHECK, "run", "--in-process", "--examples", "4"])
        return finished(tmp_path, ["bash", "-c", f"set -o pipefail; {words} {rest}"])

    return run
