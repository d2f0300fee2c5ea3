"""Nothing of theirs may be called wrong that is not shown to be wrong, and what is wrong is called so."""

from dataclasses import replace

import pytest

from gradcheck import Example, judge_example, report_case
from gradcheck.generation import search

from . import autograd_vjps, entmax_functions, torch_functions

pytestmark = pytest.mark.usefixtures("unexplained")

CASES = [*torch_functions.FUNCTIONS, *autograd_vjps.VJPS, *entmax_functions.FUNCTIONS]
EXAMPLES = 20  # every kind that is planned is among them
FEWER = 12  # where torch takes milliseconds for a call
SLOW = ("linalg_inv", "matrix_power", "logdet", "linalg_cholesky", "linalg_eigvalsh", "matrix_square_root")
# Whose one example of size 389 takes longer than all the others; what solves or decomposes in as many steps keeps it.
CUBIC = (*SLOW, "log_determinant", "linalg_det", "lu", "invert", "eigenvalues")
AT_MOST = {"n": (0, 131)}
KNOWN_WRONG = [
    pytest.param(case, id=f"{module.__name__.rpartition('.')[2]}-{name}")
    for module in (torch_functions, autograd_vjps, entmax_functions)
    for name, (case, _evidence) in module.KNOWN_WRONG.items()
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_right_is_not_called_wrong(case):
    case = replace(case, sizes=AT_MOST) if str(case) in CUBIC else case
    report = report_case(case, examples=FEWER if str(case) in SLOW else EXAMPLES)
    assert report.verdict == "correct", str(report)


@pytest.mark.parametrize("case", KNOWN_WRONG)
def test_what_is_wrong_is_called_wrong(case):
    assert search(case, EXAMPLES, 0, verdict_only=True).verdict == "wrong"


def test_a_fast_path_is_not_looked_for_where_the_forward_is_not_finite():
    """Some entries of ``pow`` are NaN there; seed 11 of the sweep came by it."""
    case = next(case for case in CASES if str(case) == "pow")
    report = judge_example(case, Example(sizes={"m": 2, "n": 9}, seed=1, plant="spread"))
    assert report.verdict == "inconclusive", str(report)
