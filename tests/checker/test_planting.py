"""What is planted is really among the arrays that the op sees: zeros, ties, borders, saturation, layouts, tails."""

import importlib
from collections import defaultdict

import numpy as np
import pytest

from gradcheck import Case, Integers, Reals, report_case, report_vjp
from gradcheck.generation import Example, draw_inputs, judge_example
from gradcheck.generation.layouts import LAYOUTS, relaid
from gradcheck.generation.plants import PLANTS, plants_for

pytestmark = pytest.mark.usefixtures("unexplained")

SIZES = {"m": 4, "n": 5}


def spy(look, count=1):
    """An op that hands what it gets to ``look`` and is right: the sum of all squares, where nothing cancels."""

    def op(*inputs):
        look(*inputs)

        def op_vjp(dy):
            return tuple(2 * dy * x if x.dtype.kind == "f" else None for x in inputs)

        return np.asarray(sum((x * x).sum() for x in inputs if x.dtype.kind == "f")), op_vjp

    def unary(x):
        return op(x)

    def binary(x, y):
        return op(x, y)

    return binary if count == 2 else unary


def drawn(case, plant, seed=0, **more):
    return draw_inputs(case, Example(SIZES, seed, plant=plant, **more))


def seen(case_of, examples=60):
    """Every array that the op gets while a case is judged."""
    arrays = []
    report = report_case(case_of(spy(lambda x: arrays.append(x))), examples=examples)
    assert report.verdict == "correct", str(report)
    return arrays


MATRIX = Case(spy(lambda x: None), "(m,n)->()")
PAIR = Case(spy(lambda x, y: None, 2), "(m,n),(m,n)->()")


@pytest.mark.parametrize("seed", range(20))
def test_zeros(seed):
    plain = drawn(MATRIX, "none", seed)[0]
    for plant, expected in (("zero", {1}), ("two zeros", {2}), ("row of zeros", {4, 5}), ("zeros", {20})):
        (x,) = drawn(MATRIX, plant, seed)
        changed = (x == 0) & (plain != 0)
        assert changed.sum() + (plain == 0).sum() >= min(expected)
        assert changed.sum() <= max(expected)
        assert np.array_equal(x[x != 0], plain[x != 0]), "nothing else changes"
    (x,) = drawn(MATRIX, "two zeros", seed)
    rows, columns = np.nonzero((x == 0) & (plain != 0))
    assert len(set(rows)) < 2 or len(set(columns)) < 2, "both in one line, as a product must meet them"


def test_a_tie_is_often_between_the_largest_of_a_line_and_its_neighbour():
    tied = 0
    for seed in range(100):
        (x,) = drawn(MATRIX, "tie", seed)
        top = x == x.max(axis=1, keepdims=True)
        tied += bool((top.sum(axis=1) > 1).any())
    assert tied > 15
    (x,) = drawn(MATRIX, "row of ties")
    assert any(len(set(line)) == 1 for line in (*x, *x.T))
    (x,) = drawn(MATRIX, "ties")
    assert len(np.unique(x)) == 1


def test_matching_entries_of_two_inputs():
    x, y = drawn(PAIR, "match")
    assert 0 < (x == y).sum() < x.size
    assert "match" not in plants_for(MATRIX, {})


def test_saturated_values():
    values = np.abs(np.concatenate([drawn(MATRIX, "saturated", seed)[0].ravel() for seed in range(5)]))
    assert {20.0, 40.0, 800.0} <= set(values)
    assert (values < 5).any()


def test_numbers_next_to_nothing():
    plain, tiny = drawn(PAIR, "none"), drawn(PAIR, "tiny", where="y")
    assert np.array_equal(tiny[0], plain[0])
    np.testing.assert_allclose(tiny[1], 1e-300 * plain[1], rtol=1e-12)


def test_they_are_drawn_around_a_zero_that_the_op_takes_in_float64():
    domains = {"x": Reals(0, None), "y": Reals(-1, 1)}
    assert plants_for(Case(PAIR.op, "(m,n),(m,n)->()", domains=domains), {})["tiny"] == ("y",)
    assert plants_for(Case(PAIR.op, "(m,n),(m,n)->()", dtype="complex128"), {})["tiny"] == ("x", "y")
    assert "tiny" not in plants_for(Case(PAIR.op, "(m,n),(m,n)->()", dtype="float32"), {})


def guarded(wrong):
    """A product whose backward takes what is next to nothing for nothing."""

    def op(x, w):
        def op_vjp(dy):
            return np.where((x != 0) & (np.abs(x) < 1e-12), wrong, 1.0) * w * dy, x * dy

        return x * w, op_vjp

    return op


@pytest.mark.parametrize("wrong", [0.0, 1.5, -1.0])
def test_a_guard_that_takes_them_for_nothing_is_found(wrong, monkeypatch):
    case = Case(guarded(wrong), "(m,n),(m,n)->(m,n)")
    report = report_case(case)
    assert report.verdict == "wrong"
    assert report.example["plant"] == "tiny"
    monkeypatch.setattr(importlib.import_module("gradcheck.generation.plants"), "TINY", 0.0)  # so there are none
    assert report_case(case).verdict == "correct"


def test_what_is_right_there_passes():
    assert report_case(Case(guarded(1.0), "(m,n),(m,n)->(m,n)")).verdict == "correct"


@pytest.mark.parametrize("narrow", ["float32", "float16"])
def test_what_is_nothing_in_a_narrower_dtype_is_no_slope(narrow):
    def third(x):
        return (x.astype(narrow) / 3).astype(x.dtype), lambda dy: (dy / 3,)

    for seed in range(3):
        assert judge_example(Case(third, "(n)->(n)"), Example({"n": 4}, seed, plant="tiny")).verdict == "inconclusive"


def test_an_op_of_real_numbers_need_not_take_complex_ones():
    """There the estimate is so blunt that a step into the complex plane is tried."""

    def total(x):
        y = np.sum(x) if x.dtype.kind == "f" else ["no number"]
        return y, lambda dy: (np.full_like(x, dy),)

    assert report_vjp(total, np.array([1e8, -1e8, 0.5])).verdict == "correct"


def test_only_the_named_input_is_planted():
    plain, planted = drawn(PAIR, "none"), drawn(PAIR, "zeros", where="y")
    assert np.array_equal(planted[0], plain[0])
    assert not planted[1].any()


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("seed", range(5))
def test_planted_values_stay_in_their_domains(plant, seed):
    domains = {"x": Reals(0, 1), "y": Reals(2.0, None)}
    case = Case(PAIR.op, "(m,n),(m,n)->()", domains=domains)
    x, y = drawn(case, plant, seed, borders={"x": (0.0, 0.5, 1.0), "y": (2.0, 3.0)})
    assert (x > 0).all()
    assert (x < 1).all()
    assert (y > 2).all()


def test_values_near_both_ends_of_a_domain():
    case = Case(MATRIX.op, "(m,n)->()", domains={"x": Reals(-1, 3)})
    values = np.concatenate([drawn(case, "saturated", seed)[0].ravel() for seed in range(5)])
    assert values.min() < -1 + 1e-5
    assert values.max() > 3 - 1e-5


def test_integers_repeat_and_reach_both_ends():
    case = Case(PAIR.op, "(m,n),(n)->()", domains={"y": Integers(0, "n")})
    _, same = drawn(case, "ties")
    assert len(set(same)) == 1
    ends = [drawn(case, "saturated", seed)[1] for seed in range(5)]
    assert all({0, 4} <= set(y) for y in ends)
    assert any(len(set(drawn(case, "tie", seed)[1])) < 5 for seed in range(5))


@pytest.mark.parametrize("plant", PLANTS)
def test_distinct_integers_stay_distinct(plant):
    case = Case(PAIR.op, "(m,n),(m,n)->()", domains={"y": Integers(0, 7, distinct=True)})
    for seed in range(5):
        _, y = drawn(case, plant, seed)
        assert all(len(set(row)) == 5 for row in y)
        assert y.min() >= 0
        assert y.max() < 7


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("shape", ["()->()", "(1)->()", "(0)->()", "(n)->()", "(1,n,1)->()"])
def test_every_plant_fits_into_every_shape(plant, shape):
    case = Case(MATRIX.op, shape)
    for seed in range(3):
        (x,) = draw_inputs(case, Example({"n": 3}, seed, plant=plant, borders={"x": (1.5,)}))
        assert x.shape == case.parsed.input_shapes({"n": 3})[0]
        assert plant != "border" or not x.size or 1.5 in x


def test_everything_is_seen_by_the_op():
    arrays = seen(lambda op: Case(op, "(m,n)->()", borders={"x": (6.5,)}), examples=100)
    assert any(x.size and not x.any() for x in arrays), "all zero"
    assert any((x == 0).sum() == 1 for x in arrays), "one zero"
    assert any(x.size > 1 and len(np.unique(x)) == 1 for x in arrays), "all tied"
    assert any(6.5 in x for x in arrays), "a border"
    assert any(np.isin(np.abs(x), (20.0, 40.0, 800.0)).any() for x in arrays), "saturated"
    assert any(x.size and np.abs(x).max() > 1e7 for x in arrays), "large"
    assert any(x.size and 0 < np.abs(x).max() < 1e-6 for x in arrays), "small"
    assert any(x.size == 0 for x in arrays), "empty"


def test_every_layout_reaches_the_op():
    arrays = [x for x in seen(lambda op: Case(op, "(m,n)->()")) if min(x.shape) > 1]
    assert any(x.flags.c_contiguous for x in arrays)
    assert any(x.flags.f_contiguous for x in arrays)
    assert any(x.strides[-1] == 2 * x.itemsize for x in arrays), "every second entry"
    assert any(x.strides[-1] < 0 for x in arrays), "reversed"
    assert any(x.flags.c_contiguous and not x.flags.writeable for x in arrays), "read-only"
    assert any(0 in x.strides for x in arrays), "broadcast"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
def test_a_layout_keeps_the_values(layout, shape):
    x = np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    assert np.array_equal(relaid(x, layout), x)
    assert relaid(x, layout).dtype == x.dtype


def test_attributes_of_an_op_survive_a_layout():
    def op(x):
        return np.sin(x), lambda dy: (dy * np.cos(x),)

    from gradcheck.generation.layouts import with_layout

    op.forward = np.sin
    assert with_layout(op, "strided").forward is np.sin
    assert with_layout(op, "strided").__name__ == "op"


def test_tails_of_a_block():
    sizes = defaultdict(set)
    case = Case(spy(lambda x: sizes["n"].add(x.shape[1]) or sizes["m"].add(x.shape[0])), "(m,n)->()", block={"n": 16})
    assert report_case(case, examples=40).verdict == "correct"
    assert {1, 15, 16, 17, 33} <= sizes["n"]
    assert not {15, 16, 17, 33} & sizes["m"]


def test_one_block_length_is_that_of_every_size():
    shapes = set()
    case = Case(spy(lambda x: shapes.add(x.shape)), "(m,n)->()", block=8)
    assert report_case(case, examples=60).verdict == "correct"
    assert {m for m, _ in shapes} >= {7, 8, 9, 17}
    assert {n for _, n in shapes} >= {7, 8, 9, 17}
    assert all(min(shape) < 7 for shape in shapes if set(shape) & {7, 8, 17}), "one at a time"


def test_loop_axes_are_broadcast_in_every_way():
    shapes = set()
    case = Case(spy(lambda x, y: shapes.add((x.shape, y.shape)), 2), "(n),(n)->()", broadcast=True)

    def op(x, y):
        case.op(x, y)
        value = np.asarray((x * y).sum(axis=-1))

        def op_vjp(dy):
            return tuple(unbroadcast(dy[..., None] * other, like.shape) for like, other in ((x, y), (y, x)))

        return value, op_vjp

    assert report_case(Case(op, "(n),(n)->()", broadcast=True), examples=100).verdict == "correct"
    loops = {(x[:-1], y[:-1]) for x, y in shapes}
    assert {((2, 3), ()), ((), (2, 3)), ((), ()), ((2, 3), (1, 3)), ((1, 3), (2, 1))} <= loops


def unbroadcast(gradient, shape):
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return np.asarray(gradient.sum(axis=tuple(a for a, size in enumerate(shape) if size == 1), keepdims=True))


def test_optional_sizes_are_left_out():
    ranks = set()
    case = Case(spy(lambda x, y: ranks.add((x.ndim, y.ndim)), 2), "(m?,n),(n,p?)->()")
    assert report_case(case, examples=40).verdict == "correct"
    assert ranks == {(1, 1), (1, 2), (2, 1), (2, 2)}


def test_complex_cases_draw_complex_values():
    case = Case(MATRIX.op, "(m,n)->()", dtype="complex128")
    (x,) = draw_inputs(case, Example(SIZES))
    assert x.dtype == np.complex128
    assert x.real.any()
    assert x.imag.any()
    for plant in PLANTS:
        assert drawn(case, plant, borders={"x": (1.0,)})[0].dtype == np.complex128


def test_narrow_dtypes_stay_finite():
    for dtype in ("float16", "float32"):
        case = Case(MATRIX.op, "(m,n)->()", dtype=dtype)
        for scale in (1e8, 1e40):
            (x,) = draw_inputs(case, Example(SIZES, scale=scale))
            assert np.isfinite(x).all()
            assert x.dtype == dtype


def test_one_input_large_and_another_tiny():
    x, y = draw_inputs(PAIR, Example(SIZES, scale=(1e6, 1e-6)))
    assert np.abs(x).max() > 1e5
    assert np.abs(y).max() < 1e-5
