"""A call that imports something when its time is over is waited for: what is half imported fails ever after."""

import signal
import sys
import time

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.protocol import deadline, limits

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms on this system")

SLOW = "import time\ntime.sleep({seconds})\nfactor = 1.0\n"
HALVES = """
try:
    import slow_part
except BaseException:
    slow_part = None
"""
CHECKED = """
import time
import numpy as np
from gradcheck import report_vjp

def endless(x):
    time.sleep(60)

report = report_vjp(endless, np.ones(3))
"""


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Write modules of this text and see to it that they are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    before = set(sys.modules)

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

    yield write
    for name in set(sys.modules) - before:
        if name in ("slow_part", "in_halves", "checked_at_import"):
            del sys.modules[name]


def importing(x):
    import in_halves

    return x * in_halves.slow_part.factor, lambda dy: (dy * in_halves.slow_part.factor,)


def test_an_import_is_not_left_half_done(modules):
    modules(slow_part=SLOW.format(seconds=0.6), in_halves=HALVES)
    assert report_vjp(importing, np.array([0.5, -1.5])).verdict == "correct"
    assert sys.modules["in_halves"].slow_part.factor == 1.0


def test_the_call_ends_where_its_import_does_not_return(modules, monkeypatch):
    monkeypatch.setattr(limits, "IMPORTING", 0.4)
    modules(slow_part=SLOW.format(seconds=60), in_halves="import slow_part\n")
    start = time.monotonic()
    report = report_case(Case(importing, "(n)->(n)"))
    assert 0.5 < time.monotonic() - start < 4
    assert report.verdict == "inconclusive"
    assert "no answer within 0.2 s" in str(report)


def test_what_the_call_does_after_its_import_has_no_more_time(modules):
    modules(slow_part=SLOW.format(seconds=0.4), in_halves=HALVES)

    def endless(x):
        importing(x)
        time.sleep(60)

    start = time.monotonic()
    assert report_vjp(endless, np.ones(3)).verdict == "inconclusive"
    assert time.monotonic() - start < 4
    assert sys.modules["in_halves"].slow_part.factor == 1.0


def test_an_import_around_the_check_puts_nothing_off(modules):
    modules(checked_at_import=CHECKED)
    start = time.monotonic()
    import checked_at_import

    assert time.monotonic() - start < 3
    assert checked_at_import.report.verdict == "inconclusive"


def test_without_waiting_what_is_half_imported_fails_ever_after(modules, monkeypatch):
    monkeypatch.setattr(deadline, "_imports", lambda frame: False)
    modules(slow_part=SLOW.format(seconds=0.6), in_halves=HALVES)
    report = report_vjp(importing, np.array([0.5, -1.5]))
    assert report.verdict == "inconclusive"
    assert sys.modules["in_halves"].slow_part is None
