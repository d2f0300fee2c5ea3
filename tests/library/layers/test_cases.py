"""The cases of layers, attention and sequences at a few examples: a slip in any backward stops the suite.

`gradcheck run` judges them at a hundred, in float32 too.
"""

import pytest

from gradcheck import check_case
from tests.library_cases import attention, layers, recurrent

CASES = [case for file in (layers, attention, recurrent) for case in file.CASES if case.dtype == "float64"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_case_is_correct(case):
    check_case(case, examples=4, seed=3)
