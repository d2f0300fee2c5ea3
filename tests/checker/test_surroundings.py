"""What an op changes around it in the caller's own process is put back after the check."""

import os
import random
import signal
import sys
import time
import warnings

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.protocol import generators
from gradcheck.protocol.surroundings import undisturbed

X = np.array([0.5, -1.0])


def around():
    """All that is put back, in a form that can be compared."""
    python, numpy = random.getstate(), np.random.get_state()
    return {
        "folder": os.getcwd(),
        "errors": np.geterr(),
        "recursion": sys.getrecursionlimit(),
        "trace": sys.gettrace(),
        "profile": sys.getprofile(),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "python": python,
        "numpy": (numpy[0], numpy[1].tobytes(), *numpy[2:]),
        "filters": list(warnings.filters),
        "show": warnings.showwarning,
        "handlers": [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGUSR1)],
    }


CHANGES = {
    "folder": lambda: os.chdir("/"),
    "errors": lambda: np.seterr(all="raise"),
    "recursion": lambda: sys.setrecursionlimit(120),
    "trace": lambda: sys.settrace(lambda *_: None),
    "profile": lambda: sys.setprofile(lambda *_: None),
    "streams": lambda: setattr(sys, "stdout", None),
    "python": random.random,
    "a normal number of Python's": lambda: random.gauss(0.0, 1.0),
    "a seed of Python's": lambda: random.seed(5),
    "numpy": lambda: np.random.standard_normal(3),
    "seed": lambda: np.random.seed(5),
    "generator": lambda: np.random.set_bit_generator(np.random.PCG64(1)),
    "filters": lambda: warnings.simplefilter("error"),
    "show": lambda: setattr(warnings, "showwarning", print),
    "handlers": lambda: signal.signal(signal.SIGUSR1, signal.SIG_IGN),
}


@pytest.mark.parametrize("when", ["forward", "vjp"])
@pytest.mark.parametrize("change", CHANGES)
def test_an_op_that_changes_its_surroundings_is_judged_as_any_other_and_they_are_put_back(change, when):
    def op(x):
        if when == "forward":
            CHANGES[change]()

        def op_vjp(dy):
            if when == "vjp":
                CHANGES[change]()
            return (2 * x * dy,)

        return x * x, op_vjp

    np.random.seed(0)
    before = around()
    assert report_vjp(op, X).verdict == "correct"
    assert around() == before
    assert report_case(Case(op, "(n)->(n)"), 3).verdict == "correct"
    assert around() == before


def test_a_state_that_cannot_be_read_where_it_lies_is_put_back_too(monkeypatch):
    monkeypatch.setattr(generators, "_lies_in_front", lambda _: False)
    before = random.getstate()
    with undisturbed():
        random.gauss(0.0, 1.0)
    assert random.getstate() == before


def test_it_is_read_where_it_lies():
    """Else a check of ten entries would take longer by a twentieth: 625 numbers are made of it, and made again."""
    assert generators._lies_in_front(random._inst)
    assert not generators._lies_in_front(object())


def test_a_folder_that_is_gone_is_no_fault(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")

    def op(x):
        if (tmp_path / "gone").exists():
            (tmp_path / "gone").rmdir()
        return x * x, lambda dy: (3 * x * dy,)

    assert report_vjp(op, X).verdict == "wrong"


def test_what_is_put_back_is_put_back_where_the_check_ends_in_an_error():
    before = around()
    with pytest.raises(ZeroDivisionError), undisturbed():  # noqa: PT012 - what is raised here passes
        for change in CHANGES.values():
            change()
        raise ZeroDivisionError
    assert around() == before


def test_it_costs_little():
    def op(x):
        return np.sin(x), lambda dy: (np.cos(x) * dy,)

    def fastest(question, number):
        seconds = []
        for _ in range(20):
            start = time.process_time()
            for _ in range(number):
                question()
            seconds.append((time.process_time() - start) / number)
        return min(seconds)

    def nothing():
        with undisturbed():
            pass

    x = np.linspace(0.1, 1, 10)
    assert fastest(nothing, 100) < 0.08 * fastest(lambda: report_vjp(op, x), 10)
