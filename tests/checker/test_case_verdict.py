"""What many examples say together: what counts as seen, and what was never judged."""

import sys

import numpy as np
import pytest

from gradcheck import Case, Integers, Reals, UsageError, report_case
from gradcheck.generation import Example, judge_example, planned, search
from gradcheck.generation.borders import find_borders

from .causes import without_causes

pytestmark = pytest.mark.usefixtures("unexplained")

MATRIX = "(m,n)->(m,n)"


def elementwise(forward, derivative):
    def op(x):
        def op_vjp(dy):
            return (dy * derivative(x),)

        return forward(x), op_vjp

    return op


def test_points_outside_the_domain_of_the_forward_do_not_count_against_a_case():
    """exp overflows at saturated values: not finite there, and right everywhere else."""
    report = report_case(Case(elementwise(np.exp, np.exp), MATRIX))
    assert report.verdict == "correct"
    (remark,) = [remark for remark in report.remarks if remark.startswith("not judged")]
    assert "of 100 examples" in remark
    assert "domain" in remark


def test_a_special_class_that_was_never_decided_is_named():
    def exploding(x):
        return np.where(np.abs(x) > 15, np.inf, x)

    report = report_case(Case(elementwise(exploding, np.ones_like), MATRIX, borders={}))
    assert report.verdict == "correct"
    (remark,) = [remark for remark in report.remarks if remark.startswith("not judged")]
    assert "none of those with" in remark
    assert "large scale" in remark
    assert "`saturated`" in remark
    assert "small scale" not in remark


def test_kinks_are_counted_by_themselves():
    report = report_case(Case(elementwise(np.abs, lambda x: np.where(x < 0, -1.0, 1.0)), MATRIX))
    assert report.verdict == "correct"
    assert any(remark.startswith("judged by one-sided slopes, at a kink: ") for remark in report.remarks)


def test_a_forward_that_raises_at_special_values_is_noted():
    def picky(x):
        if (np.abs(x) >= 20).any():
            raise ValueError("too large")
        return np.sin(x)

    report = report_case(Case(elementwise(picky, np.cos), MATRIX))
    assert report.verdict == "correct"
    (note,) = [finding for finding in report.findings if finding.code == "GC906"]
    assert "too large" in note.message


def test_a_forward_that_raises_at_an_ordinary_shape_makes_a_case_inconclusive_and_voids_nothing_else():
    def picky(x):
        if x.shape[0] == 1:
            raise ValueError("one row")
        return np.sin(x)

    report = report_case(Case(elementwise(picky, np.cos), MATRIX))
    assert report.verdict == "inconclusive"
    assert "raises at an ordinary shape (m=1" in report.incomplete
    assert report.unseen == ()
    assert report.worst_floor < 1e-9
    (hazard,) = [finding for finding in report.findings if finding.severity == "hazard"]
    assert "one row" in hazard.message
    assert 'Case(sizes={"m": (least, most)' in hazard.message
    bounded = report_case(Case(elementwise(picky, np.cos), MATRIX, sizes={"m": (2, None)}))
    assert bounded.verdict == "correct"
    assert bounded.findings == ()


def test_a_forward_that_raises_at_some_values_is_named_and_does_not_make_a_case_inconclusive():
    """A solver of a matrix that happens to be singular."""

    def solve(diagonal, b):
        x = np.linalg.solve(np.diag(diagonal), b)

        def solve_vjp(dx):
            db = np.linalg.solve(np.diag(diagonal), dx)
            return -db * x, db

        return x, solve_vjp

    hazards = 0
    for seed in range(6):
        report = report_case(Case(solve, "(4),(4)->(4)"), seed=seed)
        assert report.verdict == "correct", str(report)
        hazards += sum("not at all values of this shape" in finding.message for finding in report.findings)
    assert hazards


def test_a_forward_that_raises_at_large_sizes_only_is_judged_at_the_others():
    def small(x):
        if len(x) > 64:
            raise ValueError("at most 64 rows")
        return np.sin(x)

    report = report_case(Case(elementwise(small, np.cos), MATRIX))
    assert report.verdict == "correct"
    assert report.ranges["m"][1] <= 64
    assert any("at most 64 rows" in finding.message for finding in report.findings)


def test_a_case_of_which_less_than_half_was_decided_is_inconclusive_and_says_of_which_kinds():
    def only_one(x):
        return np.sin(x) * (np.nan if x.shape[0] > 1 else 1.0)

    report = report_case(Case(elementwise(only_one, np.cos), MATRIX))
    assert report.verdict == "inconclusive"
    assert report.unseen == (), "a tenth was seen, which used to be enough"
    assert "fewer than half of the ordinary examples" in report.incomplete
    assert "m 1" in report.incomplete


def test_inputs_from_a_function_are_limited_by_their_own_dtype():
    def dot(x, y):
        return np.asarray(x @ y), lambda dz: (dz * y, dz * x)

    def draw(rng, dtype="float32"):
        return rng.uniform(size=200).astype(dtype), rng.uniform(size=200).astype(dtype)

    report = report_case(Case(dot, inputs=draw), examples=20)
    assert report.verdict == "correct"
    assert set(report.limit.values()) == {1e-3}
    report = report_case(Case(dot, inputs=lambda rng: draw(rng, "float64")), examples=20)
    assert set(report.limit.values()) == {1e-6}


def test_the_report_says_how_much_was_judged():
    report = report_case(Case(elementwise(np.sin, np.cos), MATRIX), examples=50)
    assert (report.examples, report.planned) == (50, 50)
    assert report.ranges["m"][1] >= 131
    assert report.ranges["n"][0] == 1
    assert report.largest >= 900
    assert "judged: 50 of 50 examples; m 1 to " in str(report)
    assert report.to_dict()["ranges"]["m"] == list(report.ranges["m"])


@pytest.mark.parametrize("edge", [0, 1])
def test_a_failure_at_an_edge_does_not_hide_what_ordinary_sizes_say(edge):
    """Two mistakes: one where an axis has size 0 or 1, another, met later, at entries beyond 500."""

    def two(x):
        def two_vjp(dy):
            dx = np.cos(x) * dy
            if len(x) == edge:
                return (np.full((5, 5), 2.0),)
            dx[np.abs(x) > 500] = 0
            return (dx,)

        return np.sin(x), two_vjp

    report = report_case(Case(two, MATRIX))
    assert [finding.code for finding in report.errors] == ["GC301", "GC105"]
    assert report.example["plant"] == "saturated"
    assert f"at another shape (m={edge}, " in report.errors[1].message

    def one(x):
        def one_vjp(dy):
            return (np.full((5, 5), 2.0) if len(x) == edge else np.cos(x) * dy,)

        return np.sin(x), one_vjp

    report = report_case(Case(one, MATRIX))
    assert [finding.code for finding in report.errors] == ["GC105"]
    assert any("nothing is wrong at" in remark for remark in report.remarks)


@pytest.mark.explained
def test_an_array_among_the_options_of_a_wrong_case():
    def scaled(x, *, w):
        return x * w, lambda dy: (2 * dy * w,)

    values = [np.array([1.0, 3.0]), np.array([2.0, 5.0])]
    report = report_case(Case(scaled, "(n,2)->(n,2)", options={"w": values}))
    assert report.verdict == "wrong"
    assert report.errors[0].code == "GC301"
    assert report.example["options"]["w"] is values[0]


def test_a_forward_that_refuses_a_layout_is_noted():
    def picky(x):
        if not x.flags.writeable:
            raise ValueError("read-only")
        return np.sin(x)

    report = report_case(Case(elementwise(picky, np.cos), MATRIX))
    assert report.verdict == "correct"
    assert any(finding.code == "GC906" for finding in report.findings)


def test_a_vjp_that_raises_at_planted_values_is_wrong():
    def picky(x):
        if (x == 0).sum() > 1:
            raise ZeroDivisionError("zeros")
        return np.cos(x)

    report = report_case(Case(elementwise(np.sin, picky), MATRIX))
    assert report.verdict == "wrong"
    assert report.errors[0].code == "GC101"


def test_an_argument_that_only_special_values_move_has_not_been_seen():
    def op(x, w):
        gate = (np.abs(w) >= 20).astype(float)

        def op_vjp(dy):
            return dy * np.cos(x), dy * gate

        return np.sin(x) + gate * w, op_vjp

    report = report_case(Case(op, "(n),(n)->(n)", borders={}))
    assert report.verdict == "inconclusive"
    assert report.unseen == ("w",)


def test_options_that_no_example_varies_are_named():
    def op(x, *, axis=-1, eps=1e-5, scale):
        return scale * np.sin(x), lambda dy: (scale * dy * np.cos(x),)

    report = report_case(Case(op, MATRIX, options={"scale": [1.0, 2.0]}), examples=20)
    assert "options never varied: axis, eps" in report.remarks
    report = report_case(Case(op, MATRIX, options={"scale": 1.0, "axis": [0], "eps": 1.0}), examples=20)
    assert not any("never varied" in remark for remark in report.remarks)


def test_a_slow_case_is_stopped_and_says_so(monkeypatch):
    monkeypatch.setattr(sys.modules["gradcheck.generation.budget"], "SECONDS", 0.0)
    report = report_case(Case(elementwise(np.sin, np.cos), MATRIX), examples=100)
    assert report.examples == 1
    assert report.verdict == "inconclusive"
    assert "stopped for lack of time after 1 of 100 examples" in report.remarks


@pytest.mark.parametrize("examples", [1, 2, 3, 7, 20, 21, 34])
@pytest.mark.parametrize(
    "case",
    [
        Case(elementwise(np.sin, np.cos), MATRIX),
        Case(elementwise(np.sin, np.cos), "()->()"),
        Case(elementwise(np.sin, np.cos), "(3)->(3)"),
        Case(elementwise(np.sin, np.cos), "()->()", broadcast=True),
        Case(elementwise(np.sin, np.cos), "(n?)->(n?)", broadcast=True),
        Case(elementwise(np.sin, np.cos), MATRIX, block=4),
        Case(elementwise(np.sin, np.cos), MATRIX, dtype="float32"),
        Case(elementwise(np.sin, np.cos), MATRIX, domains={"x": Reals(-2.0, 2.0)}),
    ],
    ids=lambda case: f"{case.parsed.text} {case.broadcast} {case.block} {case.dtype} {case.domains}",
)
def test_any_number_of_examples(case, examples):
    report = report_case(case, examples=examples)
    assert report.examples == examples
    assert report.verdict == "correct"


def test_ordinary_examples_come_first():
    case = Case(elementwise(np.sin, np.cos), MATRIX)
    examples = list(planned.planned(case, {}, 100, 0))
    assert examples[0].sizes == {"m": 2, "n": 3}
    special = [example.special for example in examples]
    assert special == sorted(special)
    assert [example.is_large for example in examples[:4]] == [False] * 4
    assert 20 < len(examples) <= 60
    few = list(planned.planned(case, {}, 20, 0))
    assert len(few) == 20
    assert {"zero", "tie"} <= {example.plant for example in few}
    assert "fortran" in {example.layout for example in few}


def test_inputs_from_a_function():
    calls = []

    def inputs(rng):
        size = int(rng.integers(1, 4))
        calls.append(size)
        return rng.normal(size=size), rng.integers(0, size, size=2)

    def picked(x, index):
        def picked_vjp(dy):
            dx = np.zeros_like(x)
            np.add.at(dx, index, dy)
            return dx, None

        return x[index], picked_vjp

    report = report_case(Case(picked, inputs=inputs), examples=25)
    assert report.verdict == "correct"
    assert report.examples == 25
    assert set(calls) == {1, 2, 3}

    def last_wins(x, index):
        def last_wins_vjp(dy):
            dx = np.zeros_like(x)
            dx[index] = dy
            return dx, None

        return x[index], last_wins_vjp

    case = Case(last_wins, inputs=inputs)
    report = report_case(case, examples=25)
    assert report.verdict == "wrong"
    again = eval(report.reproduce, {"judge_example": judge_example, "Example": Example, "case": case})
    assert without_causes(again.findings) == without_causes(report.findings)


def test_an_example_prints_what_makes_it_again():
    examples = [
        Example(),
        Example({"n": 3}, 5, 0.25, {"axis": -1}),
        Example({"n": 3}, plant="border", where="x", borders={"x": (6.0,)}, layout="strided", loops=((2,), ())),
        Example({"n": 3}, scale=(1e6, 1e-6)),
    ]
    for example in examples:
        assert eval(repr(example)) == example
    assert repr(examples[0]) == "Example()"
    assert repr(Example({"n": 3}, layout="strided")) == "Example(sizes={'n': 3}, layout='strided')"


def test_block_lengths_are_whole_numbers_of_known_sizes():
    op = elementwise(np.sin, np.cos)
    with pytest.raises(UsageError, match="block is 0"):
        Case(op, MATRIX, block=0)
    with pytest.raises(UsageError, match="size `k`"):
        Case(op, MATRIX, block={"k": 4})


def test_distinct_numbers_need_enough_of_them():
    def op(x, index):
        y = np.zeros_like(x)
        y[index] = 0
        return np.sin(x), lambda dy: (dy * np.cos(x), None)

    case = Case(op, "(n),(k)->(n)", domains={"index": Integers(0, "n", distinct=True)})
    assert report_case(case, examples=40).verdict == "correct"


def test_every_call_of_the_op_is_counted():
    calls = []

    def op(x):
        calls.append(1)
        return np.sin(x), lambda dy: (dy * np.cos(x),)

    case = Case(op, MATRIX)
    find_borders(case, {})
    once = len(calls)
    assert once > 0
    report = search(case, 30, 0)
    assert report.forwards == len(calls) - once, "and the search for borders is made once a case"
