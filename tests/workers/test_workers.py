"""A worker and whoever asks it: what comes back is checked, and whatever ends a worker is said."""

import math
import os
import signal
import sys
import time
from dataclasses import fields

import numpy as np
import pytest

from gradcheck import Case, report_case
from gradcheck.plain import Malformed, dumps, from_plain, loads
from gradcheck.report import Report, Severity, Verdict
from gradcheck.workers.asked import Ended, Worker
from gradcheck.workers.interpreter import start_clean
from gradcheck.workers.launcher import Forking, Starting, launcher
from gradcheck.workers.limits import FAREWELL
from gradcheck.workers.resources import available_memory
from gradcheck.workers.task import Stop
from gradcheck.workers.worker import Job

from .works import Said

WORKS = "tests.workers.works"


def wrong(x):
    return x * x, lambda dy: (3 * x * dy + np.where(x == 0, np.inf, 0),)


def out_of_range(x):
    return np.log(x), lambda dy: (dy / x,)


def complex_slope(x):
    return x * x, lambda dy: (3 * np.conj(x) * dy,)


REPORTS = {
    "wrong": lambda: report_case(Case(wrong, "(n)->(n)"), 10),
    "out_of_range": lambda: report_case(Case(out_of_range, "(n)->(n)"), 10),
    "complex_slope": lambda: report_case(Case(complex_slope, "(n)->(n)", dtype="complex128"), 10),
    "empty": lambda: Report("empty", floor={"x": math.inf, "y": math.nan}, limit={"x": 1e-3}),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_crosses_whole(name):
    report = REPORTS[name]()
    again = from_plain(Report, loads(dumps(report)))
    assert str(again) == str(report)
    assert again.verdict is report.verdict
    assert again.findings == report.findings
    assert dumps(again) == dumps(report)
    assert [part.name for part in fields(Report) if part.name not in loads(dumps(report))] == []


@pytest.fixture(scope="module")
def plain():
    """A report as it crosses, which is one when it is read again."""
    parts = loads(dumps(REPORTS["wrong"]()))
    assert from_plain(Report, parts).name == "wrong"
    return parts


@pytest.mark.parametrize("data", [None, [], "correct"])
def test_what_is_no_object_is_no_report(data):
    with pytest.raises(Malformed):
        from_plain(Report, data)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("verdict", "correct"),
        ("name", 5),
        ("findings", None),
        ("findings", [{}]),
        ("findings", ["GC301"]),
        ("floor", {"x": "small"}),
        ("floor", {"x": True}),
        ("floor", [1.0]),
        ("examples", 1.5),
        ("examples", True),
        ("sizes", {"n": "2"}),
        ("remarks", "a"),
        ("witness", 1),
        ("snippet", []),
    ],
)
def test_a_part_of_another_kind_is_refused(plain, part, value):
    with pytest.raises(Malformed):
        from_plain(Report, {**plain, part: value})


def test_a_report_without_findings_of_any_kind_is_refused(plain):
    with pytest.raises(Malformed):
        from_plain(Report, {name: value for name, value in plain.items() if name != "findings"})


@pytest.mark.parametrize("line", [b"", b"{", b"NaN", b"[1e999", b"\xff", b"[" * 10**5, b"nul"])
def test_what_is_no_json_is_refused(line):
    with pytest.raises(Malformed):
        loads(line)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (float, math.nan),
        (float, -math.inf),
        (float, np.float32(0.1)),
        (complex, complex(math.inf, -1)),
        (int, np.int64(2**62)),
        (str, "\ud800 \x1b"),
        (Severity, Severity.NOTE),
        (tuple[int, str], (1, "a")),
        (frozenset[tuple[str, int]], frozenset({("a", 1)})),
        (dict[str, tuple[float, ...]], {"x": (1.0, math.inf)}),
        (float | complex | None, 1j),
        (float | complex | None, None),
        (Said, Said(math.nan, ("a",), Verdict.WRONG)),
    ],
)
def test_every_value_comes_back_as_it_was(kind, value):
    again = from_plain(kind, loads(dumps(value)))
    assert repr(again) == repr(value.item() if isinstance(value, np.generic) else value)


def started(work, about="", memory=None, by=None):
    job = Job(f"{WORKS}:{work}", about, os.getcwd(), tuple(sys.path), {**os.environ, "MINE": "here"}, memory, 0)
    return Worker(by or launcher(), job, {"said": Said})


@pytest.mark.parametrize("by", [None, Starting()], ids=["forked", "started"])
def test_a_worker_runs_where_whoever_asks_does(by, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, "/of/mine"])
    with started("answer", 7, by=by) as worker:
        for number in (1, 2):
            worker.ask(number)
            assert worker.answer(60) == ("said", Said(number, ("7", "here", "/of/mine")))


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ('["said",{"number":1.0,"words":[],"verdict":"right"}]', "Said.verdict"),
        ('["said",{"number":"1","words":[],"verdict":null}]', "Said.number"),
        ('["said",{"number":1.0}]', "fields"),
        ('["other",null]', "other"),
        ('{"said":1}', "list"),
        ("pickled", "no JSON"),
        ("", "no JSON"),
    ],
)
def test_an_answer_that_is_none_ends_the_worker(line, part):
    with started("answer_by_hand", line) as worker:
        ended = worker.answer(60)
        assert isinstance(ended, Ended)
        assert ended.why is Stop.FAULT
        assert part in ended.message
        assert worker.answer(60) is ended


@pytest.mark.parametrize(
    ("code", "why", "part"),
    [
        ("os._exit(0)", Stop.EXITED, "exit code 0"),
        ("os.abort()", Stop.CRASHED, "SIGABRT"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", Stop.CRASHED, "SIGSEGV"),
        ("os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)", Stop.TIMEOUT, "had not answered"),
        ("time.sleep(60)", Stop.TIMEOUT, "had not answered"),
        ("os.close(channel._answers.fileno()); time.sleep(60)", Stop.CRASHED, "SIGKILL"),
        ("1 / 0", Stop.FAULT, "ZeroDivisionError"),
    ],
)
def test_what_ends_a_worker_is_said_and_the_next_one_answers(code, why, part):
    with started("run_code", code) as worker:
        ended = worker.answer(1.0 if why is Stop.TIMEOUT else 60)
        assert isinstance(ended, Ended)
        assert (ended.why, part in ended.message) == (why, True), ended
    with started("run_code", "pass") as worker:
        assert worker.answer(60) == ("said", Said(1.0))


def test_memory_is_limited():
    with started("run_code", "x = [np.empty(2**22) for _ in range(10**4)]", memory=1 << 30) as worker:
        ended = worker.answer(60)
        assert "MemoryError" in ended.message
    assert available_memory() > 1 << 28


def test_what_is_printed_is_kept_to_its_end():
    code = "print('first'); print('x' * 10**6); os.write(2, b'last\\xff'); os.system('echo of a child')"
    with started("run_code", code) as worker:
        assert worker.answer(60) == ("said", Said(1.0))
        printed = worker.printed()
        assert len(printed) < 5000
        assert "first" not in printed
        assert "last\\xff" in printed
        assert "of a child" in printed
        assert worker.printed() == ""


def test_a_copy_of_a_worker_does_not_answer():
    with started("run_code", "os.fork()") as worker:
        assert worker.answer(60) == ("said", Said(1.0))
        assert isinstance(worker.answer(5), Ended)


def test_all_that_a_worker_has_started_ends_with_it(tmp_path):
    code = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], process_group=0)\n"
        f"open({str(tmp_path / 'number')!r}, 'w').write(str(child.pid))\n"
    )
    with started("run_code", code) as worker:
        assert worker.answer(60) == ("said", Said(1.0))
        number = int((tmp_path / "number").read_text())
        os.kill(number, 0)
    late = time.monotonic() + 10
    with pytest.raises(ProcessLookupError):  # noqa: PT012 - until whoever adopts it has reaped it
        while time.monotonic() < late:
            os.kill(number, 0)
            time.sleep(0.01)


def test_what_leaves_its_session_ends_with_the_clean_process(tmp_path):
    code = (
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork():\n        os._exit(0)\n"
        f"    open({str(tmp_path / 'number')!r}, 'w').write(str(os.getpid()))\n    time.sleep(600)\n"
        f"while not os.path.exists({str(tmp_path / 'number')!r}): time.sleep(0.01)\ntime.sleep(0.1)\n"
    )
    forking = Forking()
    with started("run_code", code, by=forking) as worker:
        assert worker.answer(60) == ("said", Said(1.0))
    number = int((tmp_path / "number").read_text())
    os.kill(number, 0)
    forking.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_the_clean_process_is_started_again_where_it_was_ended():
    forking = Forking()
    with started("run_code", "pass", by=forking) as worker:
        assert worker.answer(60) == ("said", Said(1.0))
    forking._process.kill()
    forking._process.wait()
    with started("run_code", "pass", by=forking) as worker:
        assert worker.answer(60) == ("said", Said(1.0))
    forking.close()


def test_a_clean_process_that_nobody_needed_is_not_waited_for():
    """It is started before it is known whether there is anything to judge."""
    ready = Forking()
    process, control = start_clean()
    ready.adopt((process, control))
    start = time.monotonic()
    ready.close()
    assert time.monotonic() - start < FAREWELL
    assert process.returncode == -signal.SIGKILL
