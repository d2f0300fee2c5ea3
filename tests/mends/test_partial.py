"""What a first edit of two shows: a gradient, or an entry of one, that is right with it, or right but for a factor."""

import numpy as np
import pytest

from gradcheck import Case
from gradcheck.mends.batches import Ranked
from gradcheck.mends.partial import Partials
from gradcheck.mends.screen import Original, Screened
from gradcheck.mends.slopes import BROKEN, answered, examples_for, measure
from gradcheck.protocol import quiet
from gradcheck.source import Edit


def answer_of(op, signature):
    case = Case(op, signature)
    with quiet():
        point = measure(case, examples_for(case, None, 0)[-1:], 0)[0]
        return point, answered(case, point)


def product(backward):
    return lambda x, w: ((x * w).sum(), lambda dy: backward(x, w, dy))


RIGHT = product(lambda x, w, dy: (dy * w, dy * x))
TWICE = product(lambda x, w, dy: (2 * dy * w, dy * x))
OTHER = product(lambda x, w, dy: (dy * w * abs(w), dy * x))
FIRST = product(lambda x, w, dy: (dy * np.r_[3 * w[:1], w[1:]], dy * x))
NONE = product(lambda x, w, dy: (None, dy * x))


@pytest.mark.parametrize("size", [3, 9])
def test_a_factor_alone_is_told_from_other_mistakes(size):
    for op, scaled in ((RIGHT, False), (TWICE, True), (OTHER, False), (NONE, False)):
        point, answer = answer_of(op, f"({size}),({size})->()")
        of_x = [i for i, argument in enumerate(point.cells) if argument == 0]
        assert {answer.scaled[i] for i in of_x} == {scaled}
        assert all(answer.errors[i] == 0 for i in of_x) == (op is RIGHT)
        assert all(error == 0 for i, error in enumerate(answer.errors) if i not in of_x)


def test_entries_of_a_small_argument_are_told_right_and_wrong_one_by_one():
    point, answer = answer_of(FIRST, "(3),(3)->()")
    assert point.cells == (0, 0, 0, 1, 1, 1)
    assert [error == 0 for error in answer.errors] == [False, True, True, True, True, True]


def test_an_entry_of_a_large_argument_is_not():
    point, answer = answer_of(FIRST, "(9),(9)->()")
    assert point.cells == (0, 1)
    assert [error == 0 for error in answer.errors] == [False, True]


def original(*errors, cells=((0, 0), (0, 1), (1, 0), (1, 1))):
    return Original(errors, (False,) * len(errors), cells, 0.0)


def kept(errors, scaled=(False,) * 4, before=(0.5, 0.5, 0.5, 0.5)):
    partials = Partials(original(*before), None)
    edit = Edit("edit", "", "a.py", "f", 3, 0, 1, "a", "b")
    partials.add(Ranked(edit, 1.0, 1.0), Screened(tuple(errors), tuple(scaled), (1.0,), False))
    return [partial.strong for partial in partials.likeliest()]


@pytest.mark.parametrize(
    ("errors", "scaled", "strong"),
    [
        ((0, 0.5, 0, 0.5), (False,) * 4, [True]),
        ((0.9, 0.5, 0.9, 0.5), (True, False, True, False), [True]),
        ((0, 0.5, 0.5, 0.5), (False,) * 4, [False]),  # by chance, at one point of two
        ((0.1, 0.5, 0.1, 0.5), (False,) * 4, [False]),
        ((0.5, 0.5, 0.5, 0.5), (False,) * 4, []),
    ],
    ids=["one gradient right", "but for a factor", "at one point", "only nearer", "nothing"],
)
def test_strong_is_what_holds_at_every_point(errors, scaled, strong):
    assert kept(errors, scaled) == strong


def test_where_one_point_was_right_before_the_other_tells():
    assert kept((0, 0, 0, 0.5), before=(0, 0, 0.5, 0.5)) == [True]


def test_where_no_number_is_wrong_nothing_is_shown():
    assert kept((0, 0, 0, 0), before=(0, 0, 0, 0)) == []


def test_of_edits_that_come_to_the_same_the_likeliest_is_kept():
    partials = Partials(original(0.5, 0.5, 0.5, 0.5), None)
    result = Screened((0, 0.5, 0, 0.5), (False,) * 4, (1.0,), False)
    edits = [Edit("edit", "", "a.py", "f", line, 0, 1, "a", "b") for line in (1, 2, 3)]
    for edit, rank in zip(edits, (2.0, 1.0, 3.0), strict=True):
        partials.add(Ranked(edit, rank, rank), result)
    assert [partial.edit.line for partial in partials.strong()] == [2]


def test_malformed_is_broken():
    _, answer = answer_of(NONE, "(9),(9)->()")
    assert answer.errors[0] == BROKEN
