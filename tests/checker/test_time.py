"""Nothing green on part of the evidence: the time of a case, calls that do not return, and how many are enough."""

import contextlib
import signal
import time

import numpy as np
import pytest
from click.testing import CliRunner

from gradcheck import Case, UsageError, check_case, report_case, report_vjp
from gradcheck.errors import InconclusiveGradient
from gradcheck.gate.cli import main
from gradcheck.protocol import limits

ALARMS = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms on this system")


def slow(seconds):
    def sine(x):
        time.sleep(seconds)
        return np.sin(x), lambda dy: (dy * np.cos(x),)

    return sine


def endless(where, after=0):
    """An op that does not return, in its forward or in its vjp, once it has been called so often."""
    calls = []

    def op(x):
        calls.append(1)
        while where == "forward" and len(calls) > after:
            time.sleep(0.01)

        def op_vjp(dy):
            while where == "vjp" and len(calls) > after:
                time.sleep(0.01)
            return (dy * np.cos(x),)

        return np.sin(x), op_vjp

    return op


def test_a_case_that_runs_out_of_its_time_is_incomplete():
    start = time.monotonic()
    report = report_case(Case(slow(0.01), "(m,n)->(m,n)"), timeout=0.5)
    assert time.monotonic() - start < 2
    assert report.verdict == "inconclusive"
    assert report.unseen == ()
    assert report.incomplete == "incomplete: its time of 0.5 s was over"
    assert 0 < report.examples < 100
    assert f"judged: {report.examples} of 100 examples" in str(report)
    with pytest.raises(InconclusiveGradient):
        check_case(Case(slow(0.01), "(m,n)->(m,n)"), timeout=0.3)


def test_as_many_examples_as_are_said_to_be_enough_are_enough():
    case = Case(slow(0.002), "(m,n)->(m,n)")
    report = report_case(case, timeout=0.5, least_examples=2)
    assert report.verdict == "correct"
    assert any("of which 2 are enough" in remark for remark in report.remarks)
    assert report_case(case, timeout=0.1, least_examples=100).verdict == "inconclusive"
    own = Case(slow(0.002), "(m,n)->(m,n)", least_examples=2)
    assert report_case(own, timeout=0.5).verdict == "correct"
    assert report_case(own, timeout=0.1, least_examples=100).verdict == "inconclusive", "what is asked for counts"


def test_a_wrong_case_stays_wrong_where_its_time_is_over():
    def wrong(x):
        time.sleep(0.001)
        return np.sin(x), lambda dy: (dy * np.sin(x),)

    assert report_case(Case(wrong, "(n)->(n)"), timeout=1).verdict == "wrong"


@ALARMS
def test_one_example_may_not_take_longer_than_the_case():
    start = time.monotonic()
    report = report_case(Case(slow(0.6), "(n)->(n)"), timeout=0.2)
    assert time.monotonic() - start < 3
    assert report.verdict == "inconclusive"
    assert report.examples == 0


@ALARMS
@pytest.mark.parametrize("after", [0, 200])
@pytest.mark.parametrize("where", ["forward", "vjp"])
def test_an_op_that_does_not_return_once_is_not_asked_again(monkeypatch, where, after):
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    start = time.monotonic()
    report = report_case(Case(endless(where, after), "(n)->(n)"))
    assert time.monotonic() - start < 3, "one call that hangs, and not many"
    assert report.verdict == ("wrong" if where == "vjp" else "inconclusive")
    assert "no answer within 0.3 s" in str(report)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@ALARMS
def test_the_alarm_rings_again_in_a_call_that_swallows_it(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.2)

    def stubborn(x):
        def stubborn_vjp(dy):
            for _ in range(3):
                with contextlib.suppress(BaseException):
                    time.sleep(5)
            time.sleep(5)

        return np.sin(x), stubborn_vjp

    start = time.monotonic()
    report = report_vjp(stubborn, np.ones(3))
    assert time.monotonic() - start < 4
    assert report.verdict == "wrong"
    assert report.errors[0].code == "GC101"


def test_two_questions_one_after_the_other_do_not_share_their_time():
    assert report_case(Case(slow(0.01), "(n)->(n)"), timeout=0.2).verdict == "inconclusive"
    assert report_case(Case(slow(0), "(n)->(n)"), 20).verdict == "correct"


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), "3", True])
def test_a_time_out_is_a_number_of_seconds(seconds):
    with pytest.raises(UsageError, match="the time-out is") as caught:
        report_case(Case(slow(0), "(n)->(n)"), timeout=seconds)
    assert "\n" not in str(caught.value)


def test_enough_examples_are_a_whole_number():
    with pytest.raises(UsageError, match="least_examples is 0"):
        report_case(Case(slow(0), "(n)->(n)"), least_examples=0)
    with pytest.raises(UsageError, match=r"least_examples is 1\.5"):
        Case(slow(0), "(n)->(n)", least_examples=1.5)


def test_the_command_says_incomplete_with_exit_code_3(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slow.py").write_text(
        "import time\nimport numpy as np\nfrom gradcheck import Case\n\n\ndef sine(x):\n    time.sleep(0.005)\n"
        "    return np.sin(x), lambda dy: (dy * np.cos(x),)\n\n\ncase = Case(sine, '(n)->(n)')\n"
    )
    result = CliRunner().invoke(main, ["run", "slow.py", "--timeout", "0.6"])
    assert result.exit_code == 3, result.output
    assert "its time of 0.6 s was over" in result.output
    result = CliRunner().invoke(main, ["run", "slow.py", "--timeout", "0.6", "--least-examples", "2"])
    assert result.exit_code == 0, result.output
    result = CliRunner().invoke(main, ["run", "slow.py", "--timeout", "0"])
    assert result.exit_code == 2
    assert "the time-out is 0.0: a case needs a number of seconds, above 0" in result.output


def test_sizes_that_memory_cannot_hold_are_skipped_and_said():
    report = report_case(Case(slow(0), "(99999999999)->(99999999999)"), 10)
    assert report.verdict == "inconclusive"
    assert report.examples == 0
    assert "memory cannot hold" in report.incomplete
    report = report_case(Case(slow(0), "(n)->(n)", block=10**12), 30)
    assert report.verdict == "inconclusive"
    assert report.examples > 10
    assert any(remark.startswith("skipped: ") for remark in report.remarks)
