"""A cause is looked for by what the processor does, so that a busy machine says the same."""

import time

from gradcheck.diagnosis.limits import BUSY
from gradcheck.diagnosis.patience import Patience


def test_the_clock_alone_does_not_end_it_before_a_machine_is_out_of_order(monkeypatch):
    patience, now = Patience.of(3.0), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 10.0)
    assert not patience.is_over
    monkeypatch.setattr(time, "monotonic", lambda: now + 3.0 * BUSY + 1.0)
    assert patience.is_over


def test_seconds_of_the_processor_end_it(monkeypatch):
    patience, now, spent = Patience.of(3.0), time.monotonic(), time.process_time()
    monkeypatch.setattr(time, "monotonic", lambda: now + 5.0)
    assert not patience.is_over
    monkeypatch.setattr(time, "process_time", lambda: spent + 4.0)
    assert patience.is_over
