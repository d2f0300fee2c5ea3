"""Random examples: what is always among them, that failures shrink, and that a case is judged as a whole."""

import numpy as np
import pytest

from gradcheck import Case, Integers, Reals, check_case, report_case
from gradcheck.errors import InconclusiveGradient, WrongGradient
from gradcheck.generation import Example, draw_inputs, judge_example, search
from gradcheck.generation.shapes import always

from .causes import without_causes


def elementwise(forward, derivative, seen=None):
    def op(x):
        if seen is not None:
            seen.append(x.shape)

        def op_vjp(dy):
            return (derivative(x) * dy,)

        return forward(x), op_vjp

    return op


def test_the_shapes_that_chance_would_miss_are_always_there():
    sizes = list(always(("a", "b", "c")))
    values = [tuple(size.values()) for size in sizes]
    assert any(len(set(value)) == 3 and 0 not in value and 1 not in value for value in values), "all distinct"
    assert (1, 1, 1) in values
    assert any(len(set(value)) == 1 and value[0] > 1 for value in values), "square"
    for position in range(3):
        for special in (0, 1):
            assert any(v[position] == special and list(v).count(special) == 1 for v in values)


def test_as_many_examples_as_asked_for_are_judged():
    seen = []
    report = report_case(Case(elementwise(np.sin, np.cos, seen), "(m,n)->(m,n)"), examples=37)
    assert report.examples == 37
    assert report.verdict == "correct"
    assert len(set(seen)) > 15


def test_the_same_seed_gives_the_same_report_and_another_another():
    case = Case(elementwise(np.sin, np.cos), "(m,n)->(m,n)")
    assert report_case(case, 40, seed=1) == report_case(case, 40, seed=1)
    shapes = {}
    for seed in (1, 2):
        seen = []
        report_case(Case(elementwise(np.sin, np.cos, seen), "(m,n)->(m,n)"), 60, seed=seed)
        shapes[seed] = seen
    assert shapes[1] != shapes[2]


def test_a_failure_shrinks_to_the_smallest_shapes():
    def wrong_beyond_the_second_row(x):
        d = np.cos(x)
        d[2:] = 0
        return d

    report = report_case(Case(elementwise(np.sin, wrong_beyond_the_second_row), "(m,n)->(m,n)"), examples=60)
    assert dict(report.sizes) == {"m": 3, "n": 1}
    assert report.errors[0].index == (2, 0)


def test_the_failing_example_can_be_made_again():
    case = Case(elementwise(np.sin, np.sin), "(m,n)->(m,n)")
    report = report_case(case, examples=10)
    assert report.reproduce.startswith("judge_example(case, Example(")
    again = eval(report.reproduce, {"judge_example": judge_example, "Example": Example, "case": case})
    assert without_causes(again.findings) == without_causes(report.findings)


def test_values_lie_in_their_domains():
    def op(x, p, q, labels):
        return x.sum() + p.sum() + q.sum(), lambda dy: None

    domains = {"x": Reals(2.0, None), "p": Reals(0, 1), "q": Reals(None, -1), "labels": Integers(0, "c")}
    case = Case(op, "(n,c),(n),(n),(n)->()", domains=domains)
    for seed in range(30):
        x, p, q, labels = draw_inputs(case, Example({"n": 5, "c": 3}, seed, 4.0))
        assert (x > 2).all()
        assert (p > 0).all()
        assert (p < 1).all()
        assert (q < -1).all()
        assert labels.dtype.kind == "i"
        assert set(labels) <= {0, 1, 2}


def test_labels_of_no_class_are_never_drawn():
    def picked(x, labels):
        assert labels.size == 0 or x.shape[1] > 0

        def picked_vjp(dy):
            dx = np.zeros_like(x)
            dx[np.arange(len(x)), labels] = dy
            return dx, None

        return x[np.arange(len(x)), labels], picked_vjp

    case = Case(picked, "(n,c),(n)->(n)", domains={"labels": Integers(0, "c")})
    assert report_case(case, examples=30).verdict == "correct"


def test_every_alternative_of_an_option_is_tried():
    seen = set()

    def power(x, *, exponent, scale):
        seen.add((exponent, scale))

        def power_vjp(dy):
            slope = exponent * x ** (exponent - 1)
            return (dy * slope * (1 if exponent == 3 else scale),)

        return scale * x**exponent, power_vjp

    case = Case(power, "(n)->(n)", options={"exponent": [1, 2, 3], "scale": 2.0})
    report = report_case(case, examples=30)
    assert {exponent for exponent, _ in seen} == {1, 2, 3}
    assert {scale for _, scale in seen} == {2.0}
    assert report.verdict == "wrong"
    assert "'exponent': 3" in report.reproduce


def test_float32_cases_draw_float32():
    case = Case(elementwise(np.sin, np.cos), "(n)->(n)", dtype="float32")
    assert draw_inputs(case, Example({"n": 3}))[0].dtype == np.float32
    assert report_case(case, examples=20).verdict == "correct"


def test_a_case_at_fixed_inputs_is_judged_there():
    x = np.array([[1.0, 2.0]])
    seen = []

    def square(x):
        seen.append(x.copy())

        def square_vjp(dy):
            return (2 * x * dy,)

        return x * x, square_vjp

    report = report_case(Case(square, inputs=(x,)), examples=100)
    assert report.verdict == "correct"
    assert np.array_equal(seen[0], x)


def test_a_case_whose_argument_is_never_seen_is_inconclusive_and_names_it():
    def ignores(x, w):
        def ignores_vjp(dy):
            return dy * np.cos(x), np.zeros_like(w)

        return np.sin(x), ignores_vjp

    report = report_case(Case(ignores, "(n),(n)->(n)"), examples=20)
    assert report.verdict == "inconclusive"
    assert report.unseen == ("w",)


def test_check_case_raises_with_the_report():
    wrong = Case(elementwise(np.sin, np.sin), "(n)->(n)")
    with pytest.raises(WrongGradient) as caught:
        check_case(wrong, examples=10)
    assert caught.value.report.verdict == "wrong"
    vacuous = Case(elementwise(np.ones_like, np.zeros_like), "(n)->(n)")
    with pytest.raises(InconclusiveGradient):
        check_case(vacuous, examples=10)
    assert check_case(Case(elementwise(np.sin, np.cos), "(n)->(n)"), examples=10).verdict == "correct"


def test_progress_is_told_of_every_example():
    counted = []
    search(Case(elementwise(np.sin, np.cos), "(n)->(n)"), 25, 0, on_example=lambda: counted.append(1))
    assert len(counted) == 25


def test_shrinking_ends_also_for_an_op_that_fails_now_and_then():
    rng = np.random.default_rng(0)

    def moody(x):
        bad = rng.random() < 0.3

        def moody_vjp(dy):
            return (dy * np.cos(x) * (2 if bad else 1),)

        return np.sin(x), moody_vjp

    report = report_case(Case(moody, "(m,n)->(m,n)"), examples=50)
    assert report.verdict == "wrong"
