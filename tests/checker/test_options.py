"""Options are handed over as private copies: what is an array or holds any is copied, everything else is itself."""

from collections import OrderedDict, defaultdict
from typing import NamedTuple

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.protocol import private, private_options, untouched

X = np.array([0.5, -1.0])


class Pair(NamedTuple):
    left: np.ndarray
    right: int


class Settings(dict):
    """A class of the user's own."""


def holding(array):
    """Every container that is copied, around one array."""
    return [
        array,
        [array],
        (array, 1),
        {"a": {"b": [array]}},
        OrderedDict(a=array),
        defaultdict(list, a=[array]),
        Pair(array, 2),
        [{"deep": (Pair(array, 3), {1, 2})}],
    ]


def spoil(value):
    """Write into the first array in a value."""
    if isinstance(value, np.ndarray):
        value += 1
        return
    parts = list(value.values() if isinstance(value, dict) else value)
    spoil(next(part for part in parts if isinstance(part, np.ndarray | list | dict | tuple)))


@pytest.mark.parametrize("number", range(8))
def test_arrays_in_containers_are_copied_and_watched(number):
    array = np.arange(3.0)
    value = holding(array)[number]
    own = private(value)
    assert type(own) is type(value)
    assert untouched(value, own)
    spoil(own)
    assert not untouched(value, own)
    np.testing.assert_array_equal(array, np.arange(3.0))


def test_what_is_no_array_and_holds_none_is_itself():
    rng, module = np.random.default_rng(0), Settings(a=1)
    for value in (rng, module, np.sin, "text", 3, None, (1, "a"), slice(3), range(4), np.float64(2)):
        assert private(value) is value
    plain = {"axis": 1, "mode": "same", "slope": 0.5, "bias": None, "on": True}
    assert private_options(plain) is plain


def test_a_circle_and_one_array_in_two_places_stay_so():
    array = np.ones(2)
    value = {"one": array, "two": [array]}
    value["self"] = value
    own = private(value)
    assert own["self"] is own
    assert own["one"] is own["two"][0]
    assert untouched(value, own)
    own["one"][0] = 2
    assert not untouched(value, own)


def test_nan_and_objects_count_as_unchanged():
    value = {"a": np.array([np.nan, 1.0]), "b": np.array([None, "text", X], object), "c": np.array(["a"])}
    assert untouched(value, private(value))


@pytest.mark.parametrize("number", range(8))
def test_the_users_own_are_never_written_into(number):
    def op(x, *, given):
        spoil(given)
        return x * x, lambda dy: (2 * x * dy,)

    array = np.arange(3.0)
    given = holding(array)[number]
    for report in (
        report_vjp(op, X, options={"given": given}),
        report_case(Case(op, inputs=(X,), options={"given": [given]}), examples=5),
    ):
        assert {finding.code for finding in report.errors} == {"GC204"}, str(report)
        assert "the forward modifies its option `given`" in " ".join(str(report).split())
    np.testing.assert_array_equal(array, np.arange(3.0))


def test_a_forward_alone_and_a_jvp_get_copies_too():
    def op(x, *, mask):
        return x * mask, lambda dy: (dy * mask,)

    def spoiling(answer):
        def offer(*inputs, mask):
            value = answer(*inputs, mask.copy())
            mask *= 2
            return value

        return offer

    op.forward = spoiling(lambda x, mask: x * mask)
    op.jvp = spoiling(lambda inputs, moves, mask: (inputs[0] * mask, moves[0] * mask))
    mask = np.array([1.0, 3.0])
    assert report_vjp(op, X, options={"mask": mask}).verdict == "correct"
    np.testing.assert_array_equal(mask, [1.0, 3.0])


def test_a_generator_among_the_options_is_the_users_own():
    seen = []

    def op(x, *, rng):
        seen.append(rng)
        return x * x, lambda dy: (2 * x * dy,)

    rng = np.random.default_rng(0)
    assert report_vjp(op, X, options={"rng": rng}).verdict == "correct"
    assert all(one is rng for one in seen)
