"""How errors grow with the length of a reduction: read off a ladder of lengths that is asked on purpose."""

import pytest

pytest.importorskip("torch")
pytest.importorskip("ml_dtypes")

from gradcheck import report_case
from gradcheck.generation.ladder import climb
from gradcheck.generation.search import search
from gradcheck.generation.tally import Tally
from gradcheck.laws import LAWS, law_of
from gradcheck.laws.gc603_growth import examples
from gradcheck.precision import grows

from .sums import RIGHT, WRONG, adding, sequential


def growth(case, seed):
    tally = Tally(case, seed)
    for _ in climb(case, seed, tally):
        pass
    return grows(tally.rows.seen["dw"])


@pytest.mark.parametrize(("way", "dtype"), WRONG, ids=lambda one: getattr(one, "__name__", one))
def test_sums_that_leave_their_terms_behind_are_found_at_every_seed(way, dtype):
    for seed in (0, 3000):
        found = growth(adding(way, dtype), seed)
        assert found is not None
        assert found.size == "n"
        assert found.errors[1] > 10 * found.errors[0]


@pytest.mark.parametrize(("way", "dtype"), RIGHT, ids=lambda one: getattr(one, "__name__", one))
def test_noise_is_none_of_them(way, dtype):
    assert growth(adding(way, dtype), 0) is None


def test_a_sum_in_float32_one_after_another_is_noise_at_many_seeds():
    """It grows like a root and leaves PyTorch behind, but has no direction."""
    case = adding(sequential, "float32")
    assert not any(growth(case, 100 * seed) for seed in range(8))


@pytest.mark.parametrize("seed", [0, 1, 2, 1000])
def test_the_example_of_the_law_is_found_and_nothing_else_finds_it(seed):
    report = report_case(examples.wrong(), examples=24, seed=seed)
    assert [finding.code for finding in report.errors] == ["GC603"]
    assert "units in the last place at n=16" in report.errors[0].message
    others = [law for law in LAWS if law.code != "GC603"]
    assert search(examples.wrong(), 24, seed, others).verdict == "correct"
    assert report_case(examples.right(), examples=24, seed=seed).verdict == "correct"


def test_the_ladder_is_asked_for_the_law_that_reads_it():
    calls = []
    case = examples.right()
    for laws in (LAWS, [law for law in LAWS if not law.climbs]):
        calls.append(search(case, 24, 0, laws).forwards)
    assert law_of("GC603").climbs
    assert calls[0] > calls[1]
