"""What is gathered of a wrong gradient says where it is wrong, and nothing is gathered of a right one."""

import json

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.evidence import gather, heat
from gradcheck.evidence.limits import CURVE_STEPS, LEAST_SIDE, SIDE
from gradcheck.report import State


def sine(factor):
    def op(x):
        return np.sin(x), lambda dy: (factor * np.cos(x) * dy,)

    return op


def relu_but_the_last_column(x):
    def vjp(dy):
        gradient = (x > 0) * dy
        gradient[..., -1] = 0
        return (gradient,)

    return np.maximum(x, 0), vjp


def no_conjugate(z):
    return z * z, lambda dy: (2 * z * dy,)


def adds_up(x):
    calls = []

    def vjp(dy):
        calls.append(1)
        return (dy * len(calls),)

    return x * 1.0, vjp


def another_shape(x):
    return x.sum(), lambda dy: (dy * np.ones(x.size),)


def off_in_a_corner(x):
    def vjp(dy):
        gradient = 3 * x**2 * dy
        gradient[60:, 100:] *= 1.01
        return (gradient,)

    return x**3, vjp


def states(report):
    return {law.code: law.state for law in report.evidence.laws}


def test_nothing_is_gathered_of_a_right_gradient(monkeypatch):
    monkeypatch.setattr(gather, "_with", lambda *arguments: pytest.fail("it was"))
    assert report_case(Case(sine(1), "(n)->(n)"), examples=3).evidence is None
    assert report_vjp(sine(1), np.array([0.3])).evidence is None
    with pytest.raises(pytest.fail.Exception):
        report_vjp(sine(2), np.array([0.3]))


def test_a_curve_shows_a_gap_that_no_step_closes():
    report = report_vjp(sine(2), np.array([0.3, 0.7]))
    (curve,) = report.evidence.curves
    finding = report.errors[0]
    assert (curve.argument, curve.index) == ("x", finding.index)
    assert len(curve.steps) == len(curve.slopes) == CURVE_STEPS
    assert curve.claim == pytest.approx(finding.claimed)
    assert curve.measured == pytest.approx(finding.expected)
    gaps = np.abs(np.array(curve.slopes) - curve.claim)
    assert gaps.min() > 1e6 * curve.tolerance
    errors = np.abs(np.array(curve.slopes) - curve.measured)
    best = int(errors.argmin())
    assert 0 < best < CURVE_STEPS - 1  # truncation on one side of it, rounding on the other
    assert errors[0] > 100 * errors[best]
    assert errors[-1] > 100 * errors[best]


def test_a_map_shows_where_at_ordinary_sizes_although_the_smallest_example_is_one_entry():
    report = report_case(Case(relu_but_the_last_column, "(n,c)->(n,c)"), examples=5)
    (shown,) = report.evidence.maps
    assert report.sizes == {"n": 1, "c": 1}
    assert dict(shown.sizes) != dict(report.sizes)
    wrong, measured = np.array(shown.wrong), np.array(shown.measured)
    assert wrong.shape == shown.shape
    assert not wrong[:, :-1].any()
    assert (wrong[:, -1] == (measured[:, -1] != 0)).all()
    assert wrong.any()
    assert (np.array(shown.claimed)[:, -1] == 0).all()


def test_a_large_gradient_is_averaged_in_cells():
    x = np.random.default_rng(0).normal(size=(100, 200))
    (shown,) = report_vjp(off_in_a_corner, x).evidence.maps
    rows, columns = np.shape(shown.wrong)
    assert LEAST_SIDE <= rows <= SIDE
    assert LEAST_SIDE <= columns <= SIDE
    assert shown.cell == (-(-100 // rows), -(-200 // columns))
    wrong = np.array(shown.wrong)
    expected = np.zeros_like(wrong)
    expected[60 * rows // 100 :, 100 * columns // 200 :] = True
    assert (wrong == expected).all()


def test_how_fine_a_map_is_depends_on_sizes_alone():
    trial = type("Trial", (), {"inputs": (np.zeros(10),), "outputs": (np.zeros(10),)})
    assert heat._side(trial) == SIDE
    trial.inputs = (np.zeros(10**7),)
    assert heat._side(trial) == LEAST_SIDE


def test_both_parts_of_a_complex_gradient_are_shown():
    report = report_case(Case(no_conjugate, "(n)->(n)", dtype="complex128"), examples=3)
    assert [one.part for one in report.evidence.maps] == ["real part", "imaginary part"]
    (curve,) = report.evidence.curves
    assert curve.part == "real part"
    assert curve.measured == pytest.approx(report.errors[0].expected)


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        (sine(2), {"GC101": "held", "GC201": "held", "GC301": "broke", "GC303": "does not apply"}),
        (adds_up, {"GC101": "held", "GC203": "broke", "GC207": "not reached", "GC301": "held"}),
        (another_shape, {"GC101": "held", "GC105": "broke", "GC106": "not reached", "GC301": "not reached"}),
    ],
)
def test_each_law_says_what_came_of_it(op, expected):
    report = report_case(Case(op, "(n,m)->()" if op is another_shape else "(n)->(n)"), examples=3)
    found = states(report)
    assert {code: found[code].value for code in expected} == expected
    assert all(state in (State.BROKE, State.REMARKED) for code, state in found.items() if code in codes_of(report))


def codes_of(report):
    return {finding.code for finding in report.findings}


def test_laws_apply_where_the_op_offers_what_they_ask():
    cost = Case(lambda x: (np.sum(x * x), lambda dy: (-2 * x * dy,)), "(n)->()", reference=lambda x: (x * x).sum())
    pytest.importorskip("torch")
    found = states(report_case(cost, examples=3))
    assert found["GC303"] in (State.BROKE, State.HELD)
    assert found["GC501"] in (State.BROKE, State.HELD)
    assert found["GC401"] is found["GC402"] is found["GC208"] is State.NOT_ASKED


def test_where_the_form_is_broken_only_the_laws_are_shown():
    evidence = report_case(Case(another_shape, "(n,m)->()"), examples=3).evidence
    assert evidence.laws
    assert not evidence.curves
    assert not evidence.maps


def test_what_is_too_slow_is_left_out(monkeypatch):
    monkeypatch.setattr(gather, "SECONDS", 1e-9)
    report = report_vjp(sine(2), np.array([0.3]))
    assert report.verdict == "wrong"
    assert report.evidence is None


def test_a_fault_of_ours_costs_no_verdict(monkeypatch):
    monkeypatch.setattr(gather, "curve_of", lambda *arguments: 1 / 0)
    monkeypatch.setenv(gather.FAULTS, "")
    report = report_vjp(sine(2), np.array([0.3]))
    assert report.verdict == "wrong"
    assert report.evidence.laws
    assert not report.evidence.curves


def test_it_is_json():
    report = report_case(Case(relu_but_the_last_column, "(n,c)->(n,c)"), examples=3)
    data = json.loads(json.dumps(report.to_dict(), allow_nan=False))["evidence"]
    assert data["laws"]["GC301"] == "broke"
    assert data["maps"][0]["wrong"][0][-1] in (True, False)
    assert report_case(Case(sine(1), "(n)->(n)"), examples=2).to_dict()["evidence"] is None


def test_the_same_seed_gives_the_same_evidence():
    one, other = (report_case(Case(sine(2), "(n)->(n)"), examples=3, seed=5).evidence for _ in range(2))
    assert one == other


def test_at_low_precision_the_claim_stands_beside_float64():
    pytest.importorskip("torch")
    case = Case(tanh_in_bfloat16(1.02), "(n)->(n)", dtype="bfloat16", reference=lambda x: x.tanh())
    report = report_case(case, examples=3)
    assert report.errors[0].code == "GC601"
    assert not report.evidence.curves  # of bfloat16 there are no slopes
    (shown,) = report.evidence.maps
    assert shown.witness == "the twin in float64"
    claimed, golden, wrong = (np.array(part) for part in (shown.claimed, shown.measured, shown.wrong))
    assert claimed[wrong] == pytest.approx(1.02 * golden[wrong], rel=0.01)
    assert wrong.any()
    assert states(report)["GC601"] is State.BROKE
    assert states(report_vjp(sine(2), np.array([0.3])))["GC601"] is State.NOT_ASKED


def tanh_in_bfloat16(factor):
    def op(x):
        y = np.tanh(x.astype(np.float32))

        def vjp(dy):
            return ((factor * (1 - y**2) * dy.astype(np.float32)).astype(x.dtype),)

        return y.astype(x.dtype), vjp

    return op


def test_what_a_framework_offers_is_asked_where_it_is_offered():
    doubled = sine(2)

    def batched(axes):
        raise NotImplementedError

    doubled.batched = batched
    assert states(report_vjp(doubled, np.array([0.3])))["GC403"] is not State.NOT_ASKED
    assert states(report_vjp(sine(2), np.array([0.3])))["GC403"] is State.NOT_ASKED
