"""No cause is said for certain that is not so: of forwards that cannot be trusted, of mistakes without a pattern."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.diagnosis import pressed
from gradcheck import Case, Reals, report_case
from gradcheck.diagnosis import diagnose
from gradcheck.diagnosis.trust import Trust
from gradcheck.generation.example import Example
from gradcheck.generation.search import find
from gradcheck.report import Finding, Report, Severity

from .unsaid import DRAWN, NARROW, PLACES, SITUATIONS, STAIRCASES

FEW = 20  # examples: what is wrong is so at one of them, and of what is right nothing is said, however many there are


def test_there_are_many_of_each_kind():
    assert len(SITUATIONS) >= 30
    assert len({str(one) for one in SITUATIONS}) == len(SITUATIONS)


@pytest.mark.parametrize("one", SITUATIONS, ids=str)
def test_nothing_false_is_said_for_certain(one):
    """Of a right op over a narrow forward, whose digits show nothing, not even what is not certain."""
    said = [f for report in pressed(one.case, FEW) for f in report.errors if f.cause]
    false = [f for f in said if f.certain and not set(f.cause.split(" or ")) <= one.may_say]
    assert not false, f"{false[0].cause}: {false[0].likely_cause}"
    if one in NARROW and "half of it" not in str(one):
        assert not {f.cause for f in said if f.code == "GC301"}


@pytest.mark.parametrize("name", ["round, straight through", "quantise and clip", "sign, straight through"])
def test_a_staircase_is_named(name):
    one = next(one for one in STAIRCASES if str(one) == name)
    causes = [f for report in pressed(one.case, FEW) for f in report.errors if f.code == "GC301"]
    assert {f.cause for f in causes} == {"staircase"}
    assert "the forward is a staircase in `x`: its derivative is 0 almost everywhere" in causes[0].likely_cause


def test_one_column_is_named_with_its_factor():
    one = next(one for one in PLACES if "quadratic" in str(one))
    finding = report_case(one.case, 60).errors[0]
    assert (finding.cause, finding.certain) == ("at-index", True)
    assert finding.likely_cause == "the gradient of `c` is wrong only at `c[:, 1]`: there it is too small by 2"


def test_a_random_forward_has_no_cause_whatever_accuses_it():
    for one in DRAWN[:2]:
        assert not [f.cause for report in pressed(one.case, FEW) for f in report.errors if f.cause]


def cube(x):
    return x**3, lambda dy: (6 * x**2 * dy,)


def test_what_trusts_every_forward_is_misled(monkeypatch):
    """The same situations with the forward trusted blindly: then false causes come, so that the test above can fail."""
    monkeypatch.setattr("gradcheck.diagnosis.sample.look_at", lambda *_: Trust())
    monkeypatch.setattr("gradcheck.diagnosis.sample.repeats", lambda *_: True)
    assert any(f.certain for one in STAIRCASES for report in pressed(one.case, FEW) for f in report.errors)


def test_a_rival_of_any_cost_takes_the_certainty_away(monkeypatch):
    from gradcheck.diagnosis.hypotheses import HYPOTHESES
    from gradcheck.diagnosis.hypothesis import Claim, Hypothesis

    case = Case(cube, "(n)->(n)")
    found = find(case, 30, 0)
    report, example = found.report, found.example
    assert diagnose(case, report, example).errors[0].certain
    dear = Hypothesis("dear", "Explains all.", lambda view: [Claim("all", 99.0, lambda v: True)])
    finding = diagnose(case, report, example, (*HYPOTHESES, dear)).errors[0]
    assert (finding.cause, finding.certain) == ("factor", False)
    vague = Hypothesis("vague", "Fits all.", lambda view: [Claim("all", 99.0, lambda v: True, open_ends=1)])
    assert diagnose(case, report, example, (*HYPOTHESES, vague)).errors[0].certain


def test_a_fault_of_our_own_is_shown_and_leaves_the_verdict(monkeypatch):
    from gradcheck.diagnosis.hypothesis import Hypothesis

    def broken(view):
        raise KeyError("no such thing")

    case = Case(cube, "(n)->(n)")
    found = find(case, 30, 0)
    report, example = found.report, found.example
    broken_row = Hypothesis("broken", "Fails.", broken)
    with pytest.raises(KeyError, match="no such thing"):
        diagnose(case, report, example, (broken_row,))
    monkeypatch.delenv("GRADCHECK_FAULTS")
    told = diagnose(case, report, example, (broken_row,))
    assert replace(told, remarks=()) == replace(report, remarks=())
    assert told.remarks[-1].startswith("the diagnosis failed: KeyError: 'no such thing' (test_unsaid.py:")
    assert "please report it" in str(told)


def test_the_users_own_mistakes_are_no_fault_of_ours():
    def moody(x):
        """Breaks the convention at larger sizes, and its gradients are no arrays at others."""
        if len(x) > 4:
            return x
        return x**2, lambda dy: (3 * x * dy if len(x) < 3 else [[1], [2, 3]],)

    accused = tuple(Finding(code, Severity.ERROR, "as if", argument="x") for code in ("GC201", "GC203", "GC301"))
    told = diagnose(Case(moody, "(n)->(n)"), Report("moody", accused), Example({"n": 2}))
    assert told.verdict == "wrong"
    assert not any(finding.certain for finding in told.errors)


def test_beside_a_backward_that_writes_in_place_no_cause_of_its_values_is_certain():
    def into_the_input(x):
        def vjp(dy):
            x[...] += 3 * x**2 * dy
            return (np.zeros_like(x),)

        return x**3, vjp

    case = Case(into_the_input, "(n)->(n)")
    found = find(case, 30, 0)
    errors = {finding.code: finding for finding in diagnose(case, found.report, found.example).errors}
    assert errors["GC204"].cause == "in-place"
    assert errors["GC301"].cause == "missing"
    assert errors["GC204"].certain
    assert not errors["GC301"].certain


def test_the_claim_under_another_name_explains_nothing():
    """What a cost keeps to multiply with ``dy`` is the claim; of it and of the truth all that is off is made."""

    def pairs(scores):
        loss, pull = 0.0, np.zeros_like(scores)
        for i in range(len(scores)):
            for j in range(i):
                loss += np.logaddexp(0, scores[j] - scores[i])
                share = 1 / (1 + np.exp(scores[i] - scores[j]))
                pull[i] -= share
                pull[j] -= share
        return loss, lambda dy: (dy * pull,)

    found = find(Case(pairs, "(n)->()"), 30, 0)
    assert "missing-projection" not in {
        finding.cause for finding in diagnose(Case(pairs, "(n)->()"), found.report, found.example).errors
    }


def test_a_term_too_many_and_its_opposite_left_out_are_one_sentence():
    def strain(length, rest):
        def strain_vjp(dy):
            return dy * (length - rest) / rest, -dy * (length - rest) / rest

        return 0.5 * (length - rest) ** 2 / rest, strain_vjp

    case = Case(strain, "(n),(n)->(n)", domains={"rest": Reals(0.2, None)})
    found = find(case, 30, 0)
    [finding] = diagnose(case, found.report, found.example).errors
    assert finding.cause == "extra-term"
    assert "or its opposite is missing: `(y/rest)` times the cotangent" in finding.likely_cause
