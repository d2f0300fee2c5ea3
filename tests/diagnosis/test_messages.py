"""What a person reads, word for word; what a program reads; and that nothing is said where nothing is known."""

import json

import numpy as np
import pytest

from gradcheck import Case, Verdict, report_case, report_vjp

from .planted import ROWS, row

GOLDEN = {
    "size-factor": "cause: the gradient of `x` is too large by `n`, the size of axis 1 of `x`: is the mean missing?",
    "option-factor": "cause: the gradient of `x` is too large by 1/`rate`",
    "factor": "cause: the gradient of `x` is too small by 2 everywhere",
    "sign": "cause: the sign: the gradient of `x` is minus the right one",
    "missing": "cause: the gradient of `x` is missing: it is zero everywhere",
    "transposed": "cause: the gradient of `x` is transposed",
    "axis-not-summed": "cause: `bias` is broadcast in the forward, and its gradient is not summed over axis 0 (`m`)",
    "other-argument": "cause: the gradients of `a` and `b` are returned in the wrong order",
    "elementwise-factor": "cause: in the gradient of `a` the factor `b` is missing",
    "activation-missing": "cause: in the gradient of `x` the derivative of the activation, `tanh'(z)` at z = `w @ x`, "
    "is missing",
    "other-factor": "cause: in the cotangent of the product of `x` and `w` a factor `(2 - y)` stands where `(1 - y)` "
    "belongs",
    "other-term": "likely cause: what the gradient of `logits` is off by is a multiple of `onehot(labels)`: a term "
    "with it is missing, one too many, or has another sign or weight",
    "cotangent-absolute": "cause: the cotangent loses its sign on the way to the gradient of `x`: it is the same for "
    "`-dy`",
    "cotangent-first-row": "cause: the first slice of the cotangent along axis 0 (`m`) is used for all of them in the "
    "gradient of `a`",
    "at-zeros": "cause: the gradient of `x` is wrong only where `x` is 0, where it is zero",
    "first-row": "cause: the gradient of `x` is wrong only at the first index along axis 0 (`m`) of `x`",
}


@pytest.mark.parametrize("cause", GOLDEN)
def test_the_sentence(cause):
    planted = next(row for row in ROWS if row.cause == cause)
    assert GOLDEN[cause] in " ".join(str(report_case(planted.wrong, examples=60)).split())


def mean_square(x):
    def mean_square_vjp(dy):
        return (2 * x * dy,)

    return np.mean(x**2), mean_square_vjp


def test_a_program_reads_the_name_and_whether_it_is_certain():
    finding = json.loads(json.dumps(report_case(Case(mean_square, "(n)->()"), 20).to_dict()))["findings"][0]
    assert (finding["cause"], finding["certain"]) == ("size-factor", True)
    assert "`n`, the size of axis 0 of `x`" in finding["likely_cause"]


def test_at_one_point_nothing_is_certain():
    report = report_vjp(mean_square, np.array([0.5, -1.0, 2.0]))
    finding = report.errors[0]
    assert (finding.cause, finding.certain) == ("size-factor", False)
    assert "likely cause: the gradient of `x` is too large by the size of axis 0 of `x`" in " ".join(
        str(report).split()
    )


def test_a_plain_two_may_be_the_only_value_of_an_option():
    report = report_case(Case(ROWS_BY_CAUSE["option-factor"].wrong.op, "(n)->(n)", options={"rate": 0.5}), 20)
    finding = report.errors[0]
    assert set(finding.cause.split(" or ")) == {"factor", "option-factor"}
    assert not finding.certain


ROWS_BY_CAUSE = {planted.cause: planted for planted in ROWS}


def test_no_pattern_is_said_where_there_is_none():
    odd = row(
        "none", "x", "(n)->(n)", lambda x: (x**2, x), lambda x, dy: (2 * x * dy * (1 + 0.1 * np.cos(3 * x + 1)),)
    ).wrong
    finding = report_case(odd, 20).errors[0]
    assert (finding.cause, finding.likely_cause, finding.certain) == (None, None, False)


def test_a_right_case_costs_no_further_call(monkeypatch):
    import gradcheck.diagnosis

    monkeypatch.setattr(gradcheck.diagnosis, "diagnose", None)  # calling it would raise
    right = row("none", "x", "(n)->(n)", lambda x: (x**2, x), lambda x, dy: (2 * x * dy,)).wrong
    assert report_case(right, 20).verdict is Verdict.CORRECT


def moody(x):
    """Fails at most shapes, and answers NaN at others."""
    if len(x) > 3:
        raise ValueError("too long")

    def moody_vjp(dy):
        if len(x) == 3:
            raise ValueError("not three")
        return (3 * x * dy if len(x) == 2 else np.full_like(x, np.nan),)

    return x**2, moody_vjp


def test_an_op_that_misbehaves_elsewhere_changes_neither_the_verdict_nor_the_findings():
    from gradcheck.generation.search import find

    report = find(Case(moody, "(n)->(n)"), 20, 0).report
    told = report_case(Case(moody, "(n)->(n)"), 20)
    assert told.verdict is Verdict.WRONG
    assert [f.code for f in told.findings] == [f.code for f in report.findings]
    assert not any(finding.certain for finding in told.findings if finding.code == "GC301")
