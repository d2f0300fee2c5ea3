"""Nothing is correct on part of the evidence: each value of an option, each dtype and each size has been judged."""

import numpy as np
import pytest

from gradcheck import Case, report_case
from gradcheck.generation import parts


def powered(refuses=lambda x, kind: False, answer=None):
    """The square, or with ``kind="b"`` the cube, whose backward is wrong; not at all inputs is there an answer."""

    def op(x, *, kind="a", sign=1.0):
        if refuses(x, kind, sign) if refuses.__code__.co_argcount == 3 else refuses(x, kind):
            if answer is None:
                raise TypeError("not done here")
            return np.full_like(x, answer), lambda dy: (dy,)
        if kind == "b":
            return sign * x**3, lambda dy: (sign * 2 * dy * x**2,)
        return sign * x * x, lambda dy: (sign * 2 * dy * x,)

    return op


def three(random):
    return (random.standard_normal(3),)


ways = pytest.mark.parametrize("inputs", [None, three, (np.array([0.3, -1.2, 0.7]),)], ids=["shapes", "drawn", "given"])


@ways
@pytest.mark.parametrize("answer", [None, np.nan], ids=["raises", "nan"])
@pytest.mark.parametrize("examples", [3, 30])
def test_an_option_at_which_nothing_was_judged_is_named(inputs, answer, examples):
    never = Case(powered(lambda x, kind: kind == "b", answer), "(n)->(n)", inputs=inputs, options={"kind": ["a", "b"]})
    report = report_case(never, examples=examples)
    assert report.verdict == "inconclusive"
    assert "kind='b'" in report.incomplete
    right = Case(powered(lambda x, kind: kind == "b", answer), "(n)->(n)", inputs=inputs, options={"kind": ["a"]})
    assert report_case(right, examples=examples).verdict == "correct"


def test_without_the_question_half_of_the_examples_answer_for_the_other_half(monkeypatch):
    case = Case(powered(lambda x, kind: kind == "b"), inputs=three, options={"kind": ["a", "b"]})
    assert report_case(case, examples=30).incomplete == "nothing could be judged at kind='b' (raised 15)"
    monkeypatch.setattr(parts.Parts, "never", lambda self: "")
    assert report_case(case, examples=30).verdict == "correct"


def test_a_forward_that_raises_now_and_then_with_every_option_voids_nothing():
    def now_and_then(x, kind):
        return x[0] > 0.7

    def op(x, *, kind):
        y, vjp = powered(now_and_then)(x)
        return y, vjp

    for seed in range(4):
        report = report_case(Case(op, inputs=three, options={"kind": ["a", "b", "c"]}), examples=12, seed=seed)
        assert report.verdict == "correct", str(report)


def test_an_option_that_first_raised_by_chance_is_judged_at_other_values():
    """Of three examples the one with ``kind="b"`` raises; asked again it answers, and is found to be wrong."""
    first = three(np.random.default_rng(1))[0][0]
    op = powered(lambda x, kind: kind == "b" and x[0] == first)
    report = report_case(Case(op, inputs=three, options={"kind": ["a", "b"]}), examples=3)
    assert report.verdict == "wrong"
    assert report.example["options"] == {"kind": "b"}


def test_a_combination_of_options_is_a_part():
    op = powered(lambda x, kind, sign: kind == "b" and sign < 0)
    case = Case(op, inputs=three, options={"kind": ["b", "a"], "sign": [1.0, -1.0]})
    assert report_case(case, examples=40).verdict == "wrong", "the cube is asked with the other sign"
    report = report_case(Case(right_or_raises, inputs=three, options=case.options), examples=40)
    assert report.verdict == "inconclusive"
    assert "nothing could be judged at kind='a', sign=-1.0" in report.incomplete


def right_or_raises(x, *, kind, sign):
    if kind == "a" and sign < 0:
        raise TypeError("not done here")
    return x * x, lambda dy: (2 * dy * x,)


@pytest.mark.parametrize(
    ("draw", "refuses", "words"),
    [
        (lambda r: (r.standard_normal(3).astype(r.choice(["f4", "f8"])),), lambda x: x.dtype == "f4", "`x` of float32"),
        (lambda r: (r.standard_normal((r.integers(1, 4), 3)),), lambda x: len(x) == 1, "`x` with axis 0 of size 1"),
        (lambda r: (r.standard_normal((2,) * r.choice([1, 1, 2, 3])),), lambda x: x.ndim == 3, "`x` of 3 axes"),
    ],
    ids=["dtype", "size", "rank"],
)
def test_dtypes_and_sizes_of_drawn_inputs_are_parts(draw, refuses, words):
    def op(x):
        if refuses(x):
            raise TypeError("not done here")
        return x * x, lambda dy: (2 * dy * x,)

    report = report_case(Case(op, inputs=draw), examples=24)
    assert report.verdict == "inconclusive"
    assert f"nothing could be judged at {words}" in report.incomplete
    everywhere = Case(lambda x: (x * x, lambda dy: (2 * dy * x,)), inputs=draw)
    assert report_case(everywhere, examples=24).verdict == "correct"


def test_one_argument_that_no_example_of_an_option_decided_is_named():
    def op(x, w, *, kind):
        y = x * w if kind == "a" else x * 1e30 * np.sin(w * 1e30)

        def op_vjp(dy):
            return (dy * w, dy * x) if kind == "a" else (dy * 1e30 * np.sin(w * 1e30), dy * x * 7)

        return y, op_vjp

    report = report_case(Case(op, "(n),(n)->(n)", options={"kind": ["a", "b"]}), examples=40)
    assert report.verdict == "inconclusive"
    assert "nothing of `w` could be judged at kind='b'" in report.incomplete


def test_where_there_is_nothing_to_decide_nothing_is_missed():
    """With ``kind="b"`` the op is a step, whose gradient is zero, and says so."""

    def op(x, w, *, kind):
        if kind == "b":
            return np.sign(x) + w, lambda dy: (np.zeros_like(x), dy)
        return np.sin(x) + w, lambda dy: (np.cos(x) * dy, dy)

    assert report_case(Case(op, "(n),(n)->(n)", options={"kind": ["a", "b"]}), examples=40).verdict == "correct"


def test_a_size_without_a_value_is_no_missing_evidence_and_a_remark_names_it():
    """The variance of one number: not finite, and nobody asked for it."""

    def variance(x):
        freedom = np.float64(len(x) - 1)
        return ((x - x.mean()) ** 2).sum() / freedom, lambda dy: (2 * dy * (x - x.mean()) / freedom,)

    report = report_case(Case(variance, "(n)->()"), examples=40)
    assert report.verdict == "correct", str(report)
    assert any("none of those with n=1" in remark for remark in report.remarks)
    drawn = Case(variance, inputs=lambda r: (r.standard_normal(r.integers(1, 4)),))
    assert "`x` with axis 0 of size 1" in report_case(drawn, examples=40).incomplete


def test_what_had_mostly_nothing_to_decide_is_not_counted_as_missing():
    """With ``kind="b"`` the gradient is zero but for a first example that is not finite."""
    first = three(np.random.default_rng(1))[0][0]

    def op(x, *, kind):
        if kind == "b":
            y = np.sign(x) + (np.nan if x[0] == first else 0.0)
            return y, lambda dy: (np.zeros_like(x),)
        return x * x, lambda dy: (2 * dy * x,)

    report = report_case(Case(op, inputs=three, options={"kind": ["a", "b"]}), examples=24)
    assert report.verdict == "correct", str(report)
