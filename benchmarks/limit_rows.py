"""The checks whose verdicts are asked for under moved limits: a fixed table, each row some milliseconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_torch
from gradcheck.gate.loading import load_cases
from gradcheck.generation.search import search
from gradcheck.mutants.groups import group_cases
from gradcheck.point import judge_point
from gradcheck.report import Report

ROOT = Path(__file__).parents[1]
Array = Any
Backward = Callable[[Array, Array, Array], Array]
SAMPLE, FEW = 12, 6  # exhibits among the near rows
EXAMPLES, OF_EXHIBIT = 24, 12  # of a case that needs long or far ones, and of one that most show
MUTANTS = 3  # of each backward
SEEDS = range(2)
SLOW = {
    "B102",
    "B114",
    "B174",
    "sort",
    "quantile",
    "scaled_dot_product_attention",
    "attention",
    "clamp",
    "logdet",
    "topk",
    "svdvals",
    "median of all",
    "max_pool1d",
    "adaptive_max_pool1d",
    "running product",
    "B185",
    "B124",
    "cholesky",
    "linalg_cholesky",
    "linalg_inv",
    "matrix_square_root",
    "entmax_bisect",
    "entmax_bisect by rows",
    "entmax_bisect_loss",
    "normmax_bisect",
    "normmax_bisect_loss",
    "budget_bisect",
}  # half a second each and more

Question = Callable[[], Report]
Rows = Iterator[tuple[str, Question]]


def rows(module: str, small: bool, far: bool = False) -> Rows:
    """Name and question of every row that a limit of this module can move, of no module all; most telling first.

    The near ones take some seconds together. The far ones are many: what moves none of the near ones is asked of them.
    """
    if far:
        yield from of_others()
        yield from of_exhibits(len(_exhibits()))
        yield from of_mutants()
        return
    package = module.split(".")[1] if module else ""
    if package in ("", "numerics", "trial", "laws"):  # what is judged at one point is not drawn
        yield from of_doubts()
        yield from of_points(small)
    if package in ("", "laws"):
        yield from of_laws()
    if package in ("", "precision"):
        yield from of_precision()
    if package in ("", "generation", "protocol"):  # what only some examples show is not a matter of the others
        yield from ((name, partial(of_case, case)) for name, case in CASES.items())
        yield from of_rare()
        yield from of_exhibits(FEW if small else SAMPLE)


def of_doubts() -> Rows:
    """What each doubt is there for, and what it must not save."""
    for row in import_module("tests.doubts.planted").ROWS:
        for seed in row.seeds[:2]:
            yield f"{row} right, seed {seed}", partial(at_point, row.right, row.at, {}, seed)
            yield f"{row} wrong, seed {seed}", partial(at_point, row.wrong, row.shown_at, {}, seed)


def of_laws() -> Rows:
    """What breaks a law, and its right twin."""
    for planted in import_module("tests.checker.planted").PLANTED:
        if str(planted).endswith("as explained"):  # a whole case, where another row has a point
            continue
        yield f"{planted} wrong", planted.judge_wrong
        yield f"{planted} right", planted.judge_right


def of_precision() -> Rows:
    """Kernels of few digits near what is allowed, on either side; sums of which the length shows what they are."""
    sums = import_module("tests.precision.sums")
    for word, ways in (("wrong", sums.WRONG), ("right", sums.RIGHT)):
        for way, dtype in ways:
            yield f"{way.__name__} in {dtype} {word}", partial(of_case, sums.adding(way, dtype))
    wanted = {"gelu", "softplus", "rms_norm", "group_norm", "cross_entropy", "attention", "logsumexp", "embedding"}
    planted = import_module("benchmarks.kernels_planted")
    close = [bug for bug in planted.BUGS if bug.name in ("factor 1.02", "digits cut off", "1 % in one entry")]
    for kernel in import_module("benchmarks.kernels_right").KERNELS:
        for dtype in ("float32", "bfloat16") if kernel.name in wanted else ():
            yield f"{kernel.name} in {dtype} right", partial(of_case, kernel.case(dtype))
            for bug in close:
                op = planted.planted(kernel.right(dtype), bug, kernel.signature)
                yield f"{kernel.name} in {dtype}, {bug.name}", partial(of_case, kernel.case(dtype, op))


def of_rare() -> Rows:
    """What chance does not meet."""
    for rare in import_module("tests.checker.rare").RARE:
        if str(rare) in SLOW:
            continue
        yield f"{rare} wrong", partial(of_case, rare.case(True))
        yield f"{rare} right", partial(of_case, rare.case(False))
    reach = import_module("tests.checker.test_reach")
    for where, signature in reach.SIGNATURES.items():
        op = reach.masked({**reach.LONG, **reach.WIDE}[where])
        yield where, partial(of_case, Case(op, signature))


def _exhibits() -> Sequence[Any]:
    return [exhibit for exhibit in import_module("tests.planted").EXHIBITS if exhibit.id not in SLOW]


def of_exhibits(count: int) -> Rows:
    """A sample of the museum, from all rooms."""
    exhibits = _exhibits()
    for exhibit in exhibits[:: len(exhibits) // count][:count]:
        yield f"{exhibit.id} wrong", partial(of_case, exhibit.wrong, OF_EXHIBIT)
        yield f"{exhibit.id} right", partial(of_case, exhibit.right, OF_EXHIBIT)


def of_others() -> Rows:
    """The code of others."""
    for case in import_module("tests.others.test_others").CASES:
        if str(case) not in SLOW:
            yield f"others: {case}", partial(of_case, case, OF_EXHIBIT)


def of_mutants() -> Rows:
    """Some mutants of each backward of manual_bp."""
    cases = load_cases([str(ROOT / "tests" / "cases.py")])
    for group in group_cases(cases, sample=MUTANTS).groups:
        case = cases[group.indices[0]]
        home = sys.modules[case.op.__module__].__file__
        for number, edit in enumerate(edit for edit in group.edits if edit.path == home):
            edited = edit.render(group.text(edit.path))
            yield f"mutant {case} {number}: {edit.place}", partial(of_mutant, case, edited)


def of_mutant(case: Case, text: str) -> Report:
    """A case whose op comes from an edited file."""
    usual = sys.modules[case.op.__module__]
    edited = dict(vars(usual))
    exec(compile(text, str(usual.__file__), "exec"), edited)
    return of_case(replace(case, op=edited[case.op.__name__]), OF_EXHIBIT)


def of_points(small: bool) -> Rows:
    """What is judged at one point."""
    for name, (forward, backward, inputs) in POINTS.items():
        for seed in SEEDS:
            yield f"{name} right, seed {seed}", partial(at_point, op_of(forward, backward), inputs, {}, seed)
        yield f"{name} doubled", partial(at_point, op_of(forward, scaled(backward, 2.0)), inputs, {})
    for name, (forward, backward) in SMOOTH.items():
        x = np.linspace(0.4, 2.2, 6)
        for factor in (1.0, 1 + 1e-3, 1 + 1e-9, 2.0):
            yield f"{name} times {factor:.10g}", partial(at_point, op_of(forward, scaled(backward, factor)), (x,), {})
    for cause, cases in import_module("tests.others.false_alarms").CAUSES.items():
        quick = [case for case in cases if str(case) not in SLOW]
        for case in quick[: 1 if small else 3]:
            yield f"{cause}: {case} at {_shapes(case)}", partial(at_point, case.op, case.inputs, case.options or {})


def _shapes(case: Case) -> str:
    inputs = () if callable(case.inputs) else case.inputs or ()
    return " and ".join(str(np.shape(x)) for x in inputs)


def of_case(case: Case, examples: int = EXAMPLES) -> Report:
    """What is said after a few examples, without a cause and without shrinking."""
    return search(case, examples, 0, verdict_only=True)


def at_point(op: Callable[..., Any], inputs: tuple[Array, ...], options: dict[str, Any], seed: int = 0) -> Report:
    """What is said at one point."""
    case = Case(op, inputs=inputs, options={name: [value] for name, value in options.items()})
    return judge_point(case, inputs, options, seed)


def op_of(forward: Callable[[Array], Array], backward: Backward) -> Callable[[Array], Any]:
    """An op of one input; ``backward(x, y, dy)``."""

    def op(x: Array) -> tuple[Array, Callable[[Array], tuple[Array]]]:
        y = forward(x)
        return y, lambda dy: (backward(x, y, dy),)

    return op


def scaled(backward: Backward, factor: float) -> Backward:
    """A backward that is off by a factor."""
    return lambda x, y, dy: factor * backward(x, y, dy)


def narrow(dtype: Any, function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """A function that computes in a narrower dtype inside."""
    return lambda x: function(x.astype(dtype)).astype(x.dtype)


def softmax(x: Array) -> Array:
    """Over all entries."""
    e = np.exp(x - x.max())
    return e / e.sum()


def logistic(x: Array) -> Array:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


# Forwards that lose digits or compute in fewer: right they must not be called wrong, doubled they should be where the
# digits that are left show it.
POINTS: dict[str, tuple[Callable[[Array], Array], Backward, tuple[Array, ...]]] = {
    "log(1 - p) at 15": (
        lambda x: np.log(1 - logistic(x)),
        lambda x, y, dy: -logistic(x) * dy,
        (np.array([15.0, 18.0]),),
    ),
    "log(1 - p) at 34": (
        lambda x: np.log(1 - logistic(x)),
        lambda x, y, dy: -logistic(x) * dy,
        (np.array([34.0, 0.3]),),
    ),
    "log(1 + a @ a) at 1e-6": (
        lambda x: np.log(1 + x @ x),
        lambda x, y, dy: 2 * x * dy / (1 + x @ x),
        (1e-6 * np.array([1.3, -0.4, 0.9]),),
    ),
    "log(1 + a @ a) at 1e-3": (
        lambda x: np.log(1 + x @ x),
        lambda x, y, dy: 2 * x * dy / (1 + x @ x),
        (1e-3 * np.array([1.3, -0.4, 0.9]),),
    ),
    "float32 third at 0": (narrow("f4", lambda x: x / np.float32(3)), lambda x, y, dy: dy / 3, (np.zeros(3),)),
    "float32 third": (narrow("f4", lambda x: x / np.float32(3)), lambda x, y, dy: dy / 3, (np.array([0.7, -1.3]),)),
    "softmax in float32": (
        narrow("f4", softmax),
        lambda x, y, dy: y * (dy - (dy * y).sum()),
        (np.array([0.3, -1.2, 2.2]),),
    ),
    "softmax in float16": (
        narrow("f2", softmax),
        lambda x, y, dy: y * (dy - (dy * y).sum()),
        (np.array([0.3, -1.2, 2.2]),),
    ),
    "norm of 1e8": (
        lambda x: (x - x.mean()) / np.sqrt(x.var() + 1e-5),
        lambda x, y, dy: (dy - dy.mean() - y * (dy * y).mean()) / np.sqrt(x.var() + 1e-5),
        (1e8 + np.array([0.3, -1.2, 2.2, 0.5]),),
    ),
    "expm1 by exp": (lambda x: np.exp(x) - 1, lambda x, y, dy: dy * np.exp(x), (np.array([1e-9, -3e-9]),)),
    "cube root at 0": (
        np.cbrt,
        lambda x, y, dy: dy / (3 * np.cbrt(x) ** 2),
        (np.array([0.0, 1.0]),),
    ),
    "relu at 0": (lambda x: np.maximum(x, 0), lambda x, y, dy: dy * (x > 0), (np.array([0.0, 1.0, -1.0]),)),
    "absolute beside 0": (np.abs, lambda x, y, dy: dy * np.sign(x), (np.array([1e-7, 1.0, -1.0]),)),
    "largest of ties": (
        lambda x: x.max(),
        lambda x, y, dy: dy * (x == y) / (x == y).sum(),
        (np.array([1.0, 1.0, 0.3]),),
    ),
    "sine of 1e6": (np.sin, lambda x, y, dy: dy * np.cos(x), (np.array([1e6, 2.3e6]),)),
    "bump of 1e-3": (
        lambda x: np.exp(-((x / 1e-3) ** 2)) + x,
        lambda x, y, dy: dy * (1 - 2 * x / 1e-6 * np.exp(-((x / 1e-3) ** 2))),
        (np.array([4e-4, 1.0]),),
    ),
    "large output that stays": (
        lambda x: np.stack([1e12 + 0 * x.sum(), np.sin(x).sum()]),
        lambda x, y, dy: dy[1] * np.cos(x),
        (np.array([0.3, 1.1]),),
    ),
}

SMOOTH: dict[str, tuple[Callable[[Array], Array], Backward]] = {
    "square": (np.square, lambda x, y, dy: 2 * x * dy),
    "exp": (np.exp, lambda x, y, dy: y * dy),
    "log": (np.log, lambda x, y, dy: dy / x),
    "tanh": (np.tanh, lambda x, y, dy: dy * (1 - y * y)),
}


def off_where(mask: Callable[[Array], Array]) -> Callable[[Array], Any]:
    """The square, whose gradient is left out where the mask says so."""
    return op_of(np.square, lambda x, y, dy: np.where(mask(x), 0.0, 2 * x * dy))


def last_of_odd(x: Array) -> Array:
    """The last entry of odd lengths from 7."""
    return (np.arange(x.size) == x.size - 1) & (x.size >= 7) & (x.size % 2 == 1)


# What only some examples show: sizes, borders, scales, options, randomness.
CASES = {
    "square": Case(op_of(np.square, lambda x, y, dy: 2 * x * dy), "(n)->(n)"),
    "square in float32": Case(op_of(np.square, lambda x, y, dy: 2 * x * dy), "(n)->(n)", dtype="float32"),
    "last of odd lengths": Case(off_where(last_of_odd), "(n)->(n)"),
    "beyond the 64th": Case(off_where(lambda x: np.arange(x.size) >= 64), "(n)->(n)"),
    "above 25": Case(off_where(lambda x: np.abs(x) > 25), "(n)->(n)"),
    "above 300": Case(off_where(lambda x: np.abs(x) > 300), "(n)->(n)"),
    "at 0": Case(op_of(np.exp, lambda x, y, dy: np.where(x == 0, 0.0, dy * y)), "(n)->(n)"),
    "clip at 2.5": Case(
        op_of(lambda x: np.clip(x, -2.5, 2.5), lambda x, y, dy: dy * (np.abs(x) < 2.5)),
        "(n)->(n)",
    ),
    "clip at 2.5 closed too early": Case(
        op_of(lambda x: np.clip(x, -2.5, 2.5), lambda x, y, dy: dy * (np.abs(x) < 2.49)),
        "(n)->(n)",
    ),
    "clip at 30, masked at 25": Case(
        op_of(lambda x: np.clip(x, -30, 30), lambda x, y, dy: dy * (np.abs(x) < 25)),
        "(n)->(n)",
    ),
    "sum of exp": Case(op_of(lambda x: np.exp(-x * x).sum(), lambda x, y, dy: -2 * x * np.exp(-x * x) * dy), "(n)->()"),
    "float16 inside": Case(op_of(narrow("f2", np.tanh), lambda x, y, dy: dy * (1 - np.tanh(x) ** 2)), "(n)->(n)"),
    "softmax of torch in float32": Case(
        from_torch(lambda x: import_module("torch").softmax(x.float(), -1).to(x.dtype)), "(m,n)->(m,n)"
    ),
}
