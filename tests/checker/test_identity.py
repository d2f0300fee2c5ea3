"""What is kept by the identity of an array is stale once the array is changed in place, as training does."""

from itertools import count

import numpy as np
import pytest

from gradcheck import Case, ConventionError, SignatureError, report_case, report_vjp

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


def stale(x, kept):
    """What was computed for an array that is gone, whose identity another has now."""
    y = kept.setdefault(id(x), np.exp(x))
    return y.copy(), lambda dy: (dy * y,)


@pytest.mark.parametrize("seed", range(4))
def test_a_stale_answer_of_another_shape_is_no_matter_of_the_signature(seed):
    kept = {}
    assert report_case(Case(lambda x: stale(x, kept), "(m,n)->(m,n)"), 30, seed).verdict != "correct"


def test_shapes_that_are_drawn_are_a_forward_that_does_not_repeat_itself():
    random = np.random.default_rng(0)

    def some_rows(x):
        rows = random.integers(0, len(x) + 1)
        return x[:rows].copy(), lambda dy: (np.concatenate([dy, np.zeros((len(x) - rows, x.shape[1]))]),)

    report = report_case(Case(some_rows, "(m,n)->(m,n)"), 20)
    assert report.verdict == "inconclusive"
    assert {finding.code for finding in report.findings} >= {"GC206"}


def test_shapes_that_are_never_those_of_the_signature_are():
    with pytest.raises(SignatureError, match="does not fit"):
        report_case(Case(lambda x: (x.T.copy(), lambda dy: (dy.T,)), "(m,n)->(m,n)"), 20)


@pytest.mark.parametrize("call", [5, 1000])
def test_what_breaks_the_convention_at_some_call_is_told_so_wherever_that_is(call):
    """Also at an example that Hypothesis draws, at which the op then answers when it is asked again."""
    calls = count(1)

    def forgets_its_vjp(x):
        y = np.exp(x)
        return y if next(calls) == call else (y, lambda dy: (dy * y,))

    with pytest.raises(ConventionError, match="instead of the pair"):
        report_case(Case(forgets_its_vjp, "(m,n)->(m,n)", borders={}))
