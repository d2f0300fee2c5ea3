"""What is kept by the identity of an array is stale once the array is changed in place, as training does."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([0.5, -1.0, 2.0])


def by_id(kept):
    def op(w):
        if id(w) not in kept:
            kept[id(w)] = w, np.cos(w)
        slope = kept[id(w)][1]
        return np.sin(w), lambda dy: (slope * dy,)

    return op


def forward_by_id(kept):
    def op(w):
        if id(w) not in kept:
            kept[id(w)] = w, np.tanh(w)
        y = kept[id(w)][1]
        return y.copy(), lambda dy: ((1 - y * y) * dy,)

    return op


def last_by_id(kept):
    """Only the last array is kept, and compared by ``is``."""

    def op(w):
        if kept.get("w") is not w:
            kept.update(w=w, slope=np.cos(w))
        slope = kept["slope"]
        return np.sin(w), lambda dy: (slope * dy,)

    return op


def by_address(kept):
    def op(w):
        key = w.__array_interface__["data"][0], w.shape
        if key not in kept:
            kept[key] = w, np.cos(w)
        slope = kept[key][1]
        return np.sin(w), lambda dy: (slope * dy,)

    return op


def by_contents(kept):
    def op(w):
        key = w.tobytes(), w.shape
        if key not in kept:
            kept[key] = np.cos(w)
        slope = kept[key]
        return np.sin(w), lambda dy: (slope * dy,)

    return op


@pytest.mark.parametrize("make", [by_id, forward_by_id, last_by_id, by_address])
def test_a_cache_by_identity_is_stale(make):
    for report in (report_vjp(make({}), X), report_case(Case(make({}), "(n)->(n)"))):
        assert {finding.code for finding in report.errors} == {"GC203"}, str(report)
        assert "whose contents were changed in place since the last call" in " ".join(str(report).split())


def test_a_cache_by_contents_is_right():
    for report in (report_vjp(by_contents({}), X), report_case(Case(by_contents({}), "(n)->(n)"))):
        assert report.verdict == "correct", str(report)


def test_a_closure_may_keep_its_very_inputs():
    """They are changed only where its vjp is asked no more."""

    def op(x, w):
        return x * w, lambda dy: (dy * w, dy * x)

    report = report_case(Case(op, "(n),(n)->(n)"))
    assert report.verdict == "correct"
    assert not report.findings
