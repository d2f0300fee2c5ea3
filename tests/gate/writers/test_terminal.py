"""The table: quiet and verbose, colours as asked for, a bar for people only, narrow terminals, hostile names."""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from dataclasses import replace

import pytest
from rich.cells import cell_len

from gradcheck.gate.colors import console_on, in_colors
from gradcheck.gate.writers.terminal import Terminal
from tests.command import plain_environment

from .conftest import BROKEN, RIGHT, VACUOUS, WRONG, run_process
from .runs import HOSTILE, correct, error, run_of, wrong

TABLE = "verdict       case"


def test_quiet_says_only_what_is_not_correct(case_file, gate):
    case_file(RIGHT + WRONG)
    assert gate("mine.py::right", "-q").stdout == ""
    ran = gate("mine.py", "--quiet")
    assert ran.stdout.splitlines()[1].startswith("wrong: bad, GC301")
    assert ran.stdout.endswith("s\n")
    assert TABLE not in ran.stdout


def test_verbose_says_everything(case_file, gate):
    case_file(RIGHT + WRONG)
    said = gate("mine.py", "-v").stdout
    assert TABLE in said
    assert "correct: right, 4 examples" in said
    assert "doubts: kink, narrow backward, " in said
    assert "    print(report_vjp(" in said
    assert "correct: right" not in gate("mine.py").stdout


def test_quiet_and_verbose_contradict_each_other(case_file, gate):
    case_file(RIGHT)
    assert gate("mine.py", "-q", "-v").exit_code == 2


@pytest.mark.parametrize(
    ("color", "environment", "is_terminal", "colored"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),  # no-color.org: when present and not an empty string
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours_are_what_was_asked_for(color, environment, is_terminal, colored):
    class Stream(io.StringIO):
        def isatty(self):
            return is_terminal

    assert in_colors(Stream(), color, environment) is colored


@pytest.mark.parametrize("variables", [{"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1"}])
def test_a_log_gets_colours_and_no_progress(case_file, tmp_path, variables):
    case_file(RIGHT + BROKEN)
    ran = run_process(tmp_path, "mine.py", "--in-process", examples=30, env=variables)
    assert ran.stderr == ""
    assert set(re.findall(r"\x1b\[[0-9;?]*([A-Za-z])", ran.stdout)) <= {"m"}
    assert ("\x1b[" in ran.stdout) is ("FORCE_COLOR" in variables)


def in_terminal(folder, width, *arguments, **environment):
    """What the command sends to a terminal of this width, and its exit code."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "gradcheck", "run", "--in-process", *arguments],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=plain_environment() | environment,
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:  # what a terminal says at its end
            break
        if not part:
            break
        sent += part
    os.close(ours)
    return sent.decode(), process.wait(timeout=60)


def shown(sent):
    """The lines that stay: what was drawn over is gone."""
    lines = []
    for line in sent.replace("\r\n", "\n").split("\n"):
        if "\x1b[1A\x1b[2K" in line:  # the line above is erased
            lines.pop()
        lines.append(re.split(r"\r\x1b\[2K", line)[-1])
    return [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line) for line in lines]


def test_rows_stand_in_lines_of_their_own_and_the_bar_goes(case_file, tmp_path):
    case_file(RIGHT + WRONG)
    sent, code = in_terminal(tmp_path, 100, "mine.py", "--examples", "30")
    assert code == 1
    assert "━" in sent  # there was a bar
    lines = shown(sent)
    assert [line.split()[:2] for line in lines if re.match("(correct|wrong) ", line)] == [
        ["correct", "right"],
        ["wrong", "bad"],
    ]
    assert not any("━" in line for line in lines)


def test_a_dumb_terminal_is_sent_no_code(case_file, tmp_path):
    case_file(RIGHT)
    sent, _ = in_terminal(tmp_path, 80, "mine.py", "--examples", "4", TERM="dumb")
    assert "\x1b" not in sent
    assert "━" not in sent


@pytest.mark.parametrize("width", [20, 34, 50, 64])
def test_a_narrow_terminal_gets_fewer_columns(width):
    stream = io.StringIO()
    names = [
        "short",
        "a_name_that_is_longer_than_the_terminal_is_wide_" * 2,
        "名前名前名前名前名前名前名前名前名前名前",
    ]
    cases = [correct(name) for name in names]
    started, _ = run_of(*cases)
    terminal = Terminal(console_on(stream), width=width)
    for event in (started, *cases):
        terminal(event)
    rows = stream.getvalue().splitlines()[1:]
    assert len(rows) == 4
    assert all(cell_len(row) <= max(width, 18) for row in rows)
    assert len({cell_len(row) for row in rows}) == 1  # aligned
    assert ("examples" in rows[0]) is (width >= 39)


def test_without_a_terminal_nothing_is_cut():
    stream = io.StringIO()
    name = "n" * 150
    started, done = run_of(correct(name))
    terminal = Terminal(console_on(stream))
    for event in (started, done.cases[0], done):
        terminal(event)
    assert name in stream.getvalue()


def test_hostile_names_do_nothing():
    stream = io.StringIO()
    cases = [*map(wrong, HOSTILE), *(error(name, name) for name in HOSTILE), *(wrong("x", message=m) for m in HOSTILE)]
    started, done = run_of(*cases)
    terminal = Terminal(console_on(stream))
    for event in (started, *cases, done):
        terminal(event)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", stream.getvalue())
    assert "[f](http://g)" in stream.getvalue()  # no markup of rich's either
    rows = [line for line in stream.getvalue().splitlines() if re.match("(wrong|error)  ", line)]
    assert len(rows) == len(cases)  # a name with a line break is one row


def test_a_report_is_folded_to_the_terminal(case_file, tmp_path):
    case_file(VACUOUS)
    sent, _ = in_terminal(tmp_path, 60, "mine.py", "--examples", "4")
    lines = [line for line in shown(sent) if line.startswith(" ") and "again:" not in line]
    assert lines
    assert all(len(line) <= 60 for line in lines)


def test_a_remark_that_many_cases_share_is_said_once():
    def remarking(number, remark):
        done = correct(f"case {number}", number)
        return replace(done, report=replace(done.report, remarks=(remark,)))

    cases = [remarking(number, "held against its own float64") for number in range(9)]
    stream = io.StringIO()
    started, done = run_of(*cases, remarking(9, "of one alone"))
    terminal = Terminal(console_on(stream))
    for event in (started, *done.cases, done):
        terminal(event)
    lines = stream.getvalue().splitlines()
    assert "case 0, case 1, case 2, case 3, case 4 and 4 more: held against its own float64" in lines
    assert "case 9: of one alone" in lines
