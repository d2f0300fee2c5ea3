"""Every wrong exhibit is called wrong by the law it breaks; every right twin is not, over the same forward."""

import re

import numpy as np
import pytest

from gradcheck import report_case
from gradcheck.generation import Example, draw_inputs, search

from . import EXHIBITS, ROOMS

EXAMPLES = 30  # of a right twin, every kind that is planned among them
KINDS = [
    "accumulate", "activation", "batch_reduce", "complex", "cotangent", "dtype", "duplicates", "empty_edge", "factor",
    "graph_cut", "layout", "mask_dropout", "mode", "nan_zero", "operand", "overwritten", "precision", "product_rule",
    "race", "scientific", "second_order", "sign", "stale", "subset", "ties_kinks", "tile_size", "window",
]  # fmt: skip


FIRST = [room[0] for room in ROOMS.values()]


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=str)
def test_wrong_one_is_named(exhibit):
    """One of each room with all that is said of it; of the others the first failing example settles it mostly."""
    report = search(exhibit.wrong, 100, 0, verdict_only=True) if exhibit not in FIRST else report_case(exhibit.wrong)
    if not exhibit.laws & {finding.code for finding in report.errors}:
        report = search(exhibit.wrong, 100, 0)
    assert report.verdict == "wrong", f"missed\n{report}"
    assert exhibit.laws & {finding.code for finding in report.errors}, str(report)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=str)
def test_right_twin_passes(exhibit):
    report = report_case(exhibit.right, examples=EXAMPLES)
    assert not report.errors, str(report)
    wanted = "inconclusive" if exhibit.excuse else "correct"  # an excuse that is no longer needed has to go
    assert report.verdict == wanted, str(report)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=str)
def test_twins_share_their_forward(exhibit):
    for number in range(3):
        case, options = exhibit.wrong, options_of(exhibit.wrong, number)
        sizes = {name: 2 + (place + number) % 4 for place, name in enumerate(case.parsed.names if case.parsed else ())}
        inputs = draw_inputs(case, Example(sizes, seed=number))
        values = [outputs_of(op, inputs, options) for op in (exhibit.wrong.op, exhibit.right.op)]
        assert len(values[0]) == len(values[1])
        for ours, theirs in zip(*values, strict=True):
            assert np.isfinite(ours).all()
            np.testing.assert_array_equal(ours, theirs)


def outputs_of(op, inputs, options):
    """Copies of the outputs at copies of the inputs: some ops overwrite what they were given."""
    with np.errstate(all="ignore"):
        y, _ = op(*(np.array(x) for x in inputs), **options)
    return [np.array(part) for part in (y if isinstance(y, tuple) else (y,))]


def options_of(case, number):
    alternatives = {name: v if isinstance(v, list) else [v] for name, v in (case.options or {}).items()}
    return {name: values[number % len(values)] for name, values in alternatives.items()}


def test_every_kind_has_a_room_with_exhibits():
    assert list(ROOMS) == KINDS
    assert all(ROOMS.values())
    assert len(EXHIBITS) >= 60


def test_ids_are_unique_and_well_formed():
    ids = [exhibit.id for exhibit in EXHIBITS]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"B\d{3}[b-z]?", name)] == []


def test_every_exhibit_says_which_cause_was_planted():
    assert [str(exhibit) for exhibit in EXHIBITS if not exhibit.causes] == []


def test_the_two_of_an_exhibit_are_two():
    for exhibit in EXHIBITS:
        assert exhibit.wrong.op is not exhibit.right.op, exhibit
        assert exhibit.wrong.parsed == exhibit.right.parsed, exhibit
        assert exhibit.wrong.options == exhibit.right.options, exhibit
        assert exhibit.wrong.domains == exhibit.right.domains, exhibit
