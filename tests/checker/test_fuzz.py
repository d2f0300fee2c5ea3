"""Every public entry point, every argument of it, and a score of values that do not belong there."""

import math
import operator
from functools import partial

import numpy as np
import pytest

import gradcheck
from gradcheck import (
    Case,
    Descent,
    EntryOf,
    Integers,
    OneHot,
    Reals,
    Simplex,
    Sorted,
    check_case,
    check_vjp,
    report_case,
    report_vjp,
)
from gradcheck.adapters import from_layer, from_objective, from_pair, from_residuals, from_steps, from_value_and_grad
from gradcheck.errors import GradcheckError


class Hostile:
    """Answers nothing: whatever it is asked raises."""

    def _fail(self, *_, **__):
        raise RuntimeError("asked \x1b[2J\nagain")

    __eq__ = __bool__ = __len__ = __iter__ = __getitem__ = __repr__ = __str__ = __float__ = __int__ = _fail
    __lt__ = __contains__ = __index__ = __array__ = __format__ = __call__ = _fail
    __hash__ = object.__hash__


class Text(str):
    """A string with a text of its own."""

    __slots__ = ()

    def __str__(self):
        raise ValueError

    __repr__ = __str__


def holding_itself():
    loop = []
    loop.append(loop)
    return loop


VALUES = {
    "None": None,
    "True": True,
    "-1": -1,
    "0": 0,
    "2": 2,
    "1.5": 1.5,
    "nan": math.nan,
    "inf": math.inf,
    "10**30": 10**30,
    "complex": 1j,
    "text": "text",
    "own text": Text("x"),
    "escape": "\x1b[2J\n\ud800",
    "bytes": b"x",
    "()": (),
    "[None]": [None],
    "{5: 1}": {5: 1},
    "{'x': None}": {"x": None},
    "{'x': Hostile}": {"x": Hostile()},
    "set": {1},
    "np.int64": np.int64(3),
    "np.bool_": np.bool_(True),
    "array": np.ones(2),
    "objects": np.array([None, "a"], dtype=object),
    "text array": np.array(["a"]),
    "class": int,
    "function": operator.add,
    "lambda": lambda *_, **__: None,
    "module": math,
    "itself": holding_itself(),
    "generator": (x for x in ()),
    "Hostile": Hostile(),
}


def square(x, *, power=2):
    return x**power, lambda dy: (power * x ** (power - 1) * dy,)


def cost(x):
    return float((x * x).sum())


def slope(x):
    return 2 * x


X = np.array([0.5, -1.0])
CASE = Case(square, "(n)->(n)")
ENTRIES = {
    "report_vjp": (partial(report_vjp, square, X), ["options", "reference", "seed", "constants", "domains"]),
    "check_vjp": (partial(check_vjp, square, X), ["options", "seed"]),
    "report_case": (
        partial(report_case, CASE, examples=2, timeout=1),
        ["examples", "seed", "timeout", "least_examples"],
    ),
    "check_case": (partial(check_case, CASE, examples=2, timeout=1), ["examples", "seed", "timeout", "least_examples"]),
    "Case": (
        lambda **given: report_case(Case(square, **{"signature": "(n)->(n)", **given}), 2, timeout=5),
        [
            *("signature", "name", "reference", "options", "inputs", "domains", "borders", "broadcast", "block"),
            *("dtype", "descent", "order", "least_examples", "accuracy", "sizes", "constants"),
        ],
    ),
    "Reals": (Reals, ["low", "high"]),
    "Integers": (partial(Integers, low=0, high=3), ["low", "high", "distinct"]),
    "Simplex": (Simplex, ["axis"]),
    "OneHot": (OneHot, ["axis"]),
    "Sorted": (Sorted, ["axis"]),
    "from_pair": (partial(from_pair, forward=slope, backward=slope), ["forward", "backward"]),
    "from_value_and_grad": (partial(from_value_and_grad, fun=cost, grad=slope), ["fun", "grad"]),
}
ALONE = {
    "report_vjp(op)": lambda value: report_vjp(value, X),
    "report_vjp(x)": lambda value: report_vjp(square, value),
    "report_case(case)": lambda value: report_case(value, 2),
    "Case(op)": lambda value: report_case(Case(value, "(n)->(n)"), 2, timeout=5),
    "y": lambda value: report_vjp(lambda x: (value, lambda dy: (x,)), X),
    "vjp": lambda value: report_vjp(lambda x: (x, value), X),
    "dx": lambda value: report_vjp(lambda x: (x * x, lambda dy: value), X),
    "part of dx": lambda value: report_vjp(lambda x: (x * x, lambda dy: (value,)), X),
    "pair": lambda value: report_vjp(lambda x: value, X),
    "drawn": lambda value: report_case(Case(square, inputs=lambda rng: value), 2),
    "part of drawn": lambda value: report_case(Case(square, inputs=lambda rng: (value,)), 2),
    "EntryOf": lambda value: report_case(Case(square, "(n)->(n)", domains={"x": EntryOf(value)}), 2),
    "Descent": lambda value: report_case(Case(square, "(n)->(n)", descent=Descent(value, ("x",))), 2),
    "from_residuals": lambda value: report_vjp(from_residuals(slope, value), X),
    "from_objective": lambda value: report_vjp(from_objective(slope, value), X),
    "from_layer": lambda value: report_vjp(from_layer(value), X),
    "from_steps": lambda value: report_vjp(from_steps(slope, cost, value), X),
}


def ask(question):
    """Ask: an answer, or one sentence of ours. A wrong number of arguments is Python's to refuse."""
    try:
        answer = question()
    except GradcheckError as error:
        text = str(error)
        assert "\x1b" not in text
        assert isinstance(error, AssertionError) or "\n" not in text  # noqa: PT017 - most questions raise nothing
        return
    text = str(answer)
    assert "\x1b" not in text
    assert text.isprintable() or "\n" in text


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("entry", ENTRIES)
def test_no_keyword_ends_in_a_traceback_from_inside(entry, value):
    call, names = ENTRIES[entry]
    for name in names:
        ask(lambda name=name: call(**{name: value}))


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("what", ALONE)
def test_nothing_that_is_handed_over_or_returned_ends_in_a_traceback_from_inside(what, value):
    ask(lambda: ALONE[what](value))


def test_the_fuzz_names_every_public_function_that_judges():
    judging = {name for name in gradcheck.__all__ if name.startswith(("check_", "report_"))}
    assert judging <= set(ENTRIES)


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64, np.uint64])
def test_numbers_of_numpy_are_whole_numbers(kind):
    three = kind(3)
    assert report_vjp(square, X, seed=three).verdict == "correct"
    assert report_vjp(square, X, options={"power": three}).verdict == "correct"
    case = Case(square, "(n)->(n)", block=three, sizes={"n": (kind(1), kind(5))}, least_examples=three)
    report = report_case(case, kind(20), three, least_examples=kind(2))
    assert (report.verdict, report.seed) == ("correct", 3)
    assert report.ranges["n"][1] <= 5
