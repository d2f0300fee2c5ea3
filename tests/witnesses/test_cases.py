"""Every case of the table: against finite differences and against autograd, on random shapes and on real data."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

import manual_bp
from gradcheck import check_case
from tests import cases
from tests import library_cases as library
from tests.library_cases.networks import NO_OPS

ALL = [*cases.RANDOM, cases.REGRESSION, *cases.REAL]
# All cases of tests/library_cases, in whose files they stand in a list `CASES`.
LIBRARY = [
    case for file in iter_modules(library.__path__) for case in import_module(f"{library.__name__}.{file.name}").CASES
]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_gradient(case):
    report = check_case(case, examples=100, seed=20261123)
    assert report.witness
    assert not report.errors
    if case.dtype == "float64":
        assert report.worst_floor < 1e-8


def test_the_tables_miss_no_op():
    subjects = {case.op.__name__ for case in [*ALL, *LIBRARY]}
    assert set(manual_bp.__all__) - NO_OPS <= subjects


@pytest.mark.parametrize("case", cases.REAL, ids=str)
def test_the_cost_falls_on_real_data(case):
    (remark,) = (remark for remark in check_case(case, examples=1).remarks if "cost" in remark)
    before, after = remark.split("cost ")[1].split(" in ")[0].split(" -> ")
    assert float(after) < 0.5 * float(before), remark
