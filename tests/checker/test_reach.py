"""How far the default examples reach: the last parts of tiles and loops, one axis or all, and values up to 1,000."""

import sys

import numpy as np
import pytest

from gradcheck import Case, Reals, report_case
from gradcheck.generation import Example, draw_inputs, search, shapes
from gradcheck.generation.borders import find_borders

pytestmark = pytest.mark.usefixtures("unexplained")

PLANNED = sys.modules["gradcheck.generation.planned"]


def verdict(case, examples=100, seed=0):
    """Of a case; what fails is not made small, since how it looks is asked nowhere here."""
    return search(case, examples, seed, verdict_only=True).verdict


def masked(wrong):
    """Squares, whose gradient is zero where ``wrong(x)`` indexes; None: nowhere."""

    def square(x):
        def square_vjp(dy):
            dx = 2 * x * dy
            index = wrong(x)
            if index is not None:
                dx[index] = 0
            return (dx,)

        return x * x, square_vjp

    return square


LONG = {
    "the last of odd lengths from 7": lambda x: -1 if len(x) >= 7 and len(x) % 2 else None,
    "unrolled by 4, three left": lambda x: -1 if len(x) > 8 and len(x) % 4 == 3 else None,
    "unrolled by 4, two left": lambda x: -1 if len(x) > 8 and len(x) % 4 == 2 else None,
    "unrolled by 8, five left": lambda x: -1 if len(x) > 8 and len(x) % 8 == 5 else None,
    "from 33 on": lambda x: 32 if len(x) > 32 else None,
    "at batch index 37": lambda x: 37 if len(x) > 37 else None,
    "beyond 100 of 130": lambda x: slice(100, None) if len(x) >= 130 else None,
    "a whole number of tiles": lambda x: -1 if len(x) and len(x) % 64 == 0 else None,
    "beyond 256": lambda x: 256 if len(x) > 256 else None,
}
WIDE = {
    "more than 64 columns": lambda x: np.s_[:, 64:] if x.shape[1] > 64 else None,
    "row 37": lambda x: 37 if len(x) > 37 else None,
    "both beyond a tile of 32": lambda x: np.s_[32:, 32:] if min(x.shape) > 32 else None,
    "the last column of odd rows": lambda x: np.s_[:, -1] if x.shape[1] >= 7 and x.shape[1] % 2 else None,
}
SIGNATURES = {**dict.fromkeys(LONG, "(n)->(n)"), **dict.fromkeys(WIDE, "(m,n)->(m,n)")}


@pytest.mark.parametrize("examples", [24, 100])
@pytest.mark.parametrize("where", SIGNATURES)
def test_mistakes_in_the_last_part_are_found(where, examples):
    if examples == 24 and where in ("unrolled by 4, two left", "a whole number of tiles"):
        pytest.skip("what 24 examples leave out")
    case = Case(masked({**LONG, **WIDE}[where]), SIGNATURES[where])
    assert [verdict(case, examples, seed) for seed in (0, 1)] == ["wrong", "wrong"]


def test_long_axes_are_what_finds_them(monkeypatch):
    monkeypatch.setattr(PLANNED, "_long", lambda case: iter(()))
    monkeypatch.setattr(PLANNED, "MANY", ())
    monkeypatch.setattr(sys.modules["gradcheck.generation.explore"], "SHORT_TO_LONG", 10**3)
    case = Case(masked(LONG["beyond 100 of 130"]), "(n)->(n)")
    assert verdict(case) == "correct"


def test_loop_axes_of_a_case_that_broadcasts_are_long_too():
    case = Case(
        masked(lambda x: (..., slice(64, None)) if x.ndim and x.shape[-1] > 64 else None), "()->()", broadcast=True
    )
    assert verdict(case) == "wrong"


def test_all_axes_long_at_once_stay_within_the_entries_that_are_allowed():
    for names in (("a",), ("a", "b"), ("a", "b", "c"), tuple("abcdefgh")):
        sizes = shapes.all_long(names, lambda sizes: int(np.prod(list(sizes.values()))))
        assert np.prod(list(sizes.values()), dtype=float) <= shapes.ENTRIES or sizes == shapes.distinct(names)
    assert min(shapes.all_long(("a", "b"), lambda s: s["a"] * s["b"]).values()) > 64


def clipped(border, masked_at):
    def clip(x):
        return np.clip(x, -border, border), lambda dy: (dy * (np.abs(x) <= masked_at),)

    return clip


@pytest.mark.parametrize(
    ("signature", "more"), [("(n)->(n)", {}), ("(m,n)->(m,n)", {}), ("()->()", {"broadcast": True})]
)
@pytest.mark.parametrize(("border", "masked_at"), [(30, 25), (30, 29), (12.5, 12), (100, 88), (250, 200), (750, 700)])
def test_a_mask_at_another_threshold_than_the_forward_is_found_at_every_seed(border, masked_at, signature, more):
    for seed in range(3):
        assert verdict(Case(clipped(border, masked_at), signature, **more), seed=seed) == "wrong"


@pytest.mark.parametrize("threshold", [12, 88, 200, 700])
def test_a_gradient_that_is_dropped_beyond_a_threshold_is_found(threshold):
    """The forward has no border there, so that only values can tell."""

    def logarithm(x):
        def logarithm_vjp(dy):
            return (np.where(np.abs(x) > threshold, 0.0, dy * 2 * x / (1 + x * x)),)

        return np.log(1 + x * x), logarithm_vjp

    for seed in range(3):
        assert verdict(Case(logarithm, "(n)->(n)"), seed=seed) == "wrong"


def test_the_right_masks_are_correct():
    for border in (12.5, 30, 750):
        report = report_case(Case(clipped(border, border), "(n)->(n)"))
        assert report.verdict == "correct", str(report)
        assert report.largest > border


def test_spread_values_are_what_finds_a_threshold(monkeypatch):
    plants = sys.modules["gradcheck.generation.plants"]
    monkeypatch.setattr(plants, "PLANTS", tuple(kind for kind in plants.PLANTS if kind not in plants.SPREAD))
    case = Case(masked(lambda x: (np.abs(x) > 700) & (np.abs(x) < 790)), "(n)->(n)", borders={})
    assert verdict(case) == "correct"
    monkeypatch.undo()
    assert verdict(case) == "wrong"


def test_spread_values_stay_in_their_domain():
    def root(x):
        return np.sqrt(x - 2), lambda dy: (dy / (2 * np.sqrt(x - 2)),)

    case = Case(root, "(n)->(n)", domains={"x": Reals(2.0, None)})
    for seed in range(5):
        (x,) = draw_inputs(case, Example({"n": 131}, seed, plant="spread"))
        assert x.min() > 2
        assert 900 < x.max() <= 1002
    assert verdict(case) == "correct"


@pytest.mark.parametrize("border", [12.5, 30, 250, 700])
def test_borders_far_out_are_found(border):
    found = find_borders(Case(clipped(border, border), "(n)->(n)"), {})
    assert found["x"] == (-border, border)
