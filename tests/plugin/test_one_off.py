"""The fixture, and what is shown of checks that a test makes itself."""

from .conftest import CASES

TESTS = f"""{CASES}
import numpy as np
from gradcheck import check_case


def test_right(gradcheck):
    assert gradcheck(sine(1), np.ones(3)).verdict == "correct"
    assert gradcheck(RIGHT).examples == 8


def test_wrong(gradcheck):
    gradcheck(sine(2), np.ones(3))


def test_by_hand():
    check_case(BAD, examples=5)
"""


def test_a_failure_is_its_report_and_the_line_that_asked(project):
    project.write(test_mine=TESTS)
    done = project.pytest()
    assert done.outcomes() == {"failed": 2, "passed": 1}
    assert "gradcheck(sine(2), np.ones(3))" in done.text
    assert "check_case(BAD, examples=5)" in done.text
    assert done.text.count("WrongGradient: wrong: ") == 2 + 2  # in the report, in the last lines
    assert "_demand_correct" not in done.text
    assert "_pytest" not in done.text
    assert done.section()[0] == "2 correct, 1 wrong (seed 0, 8 examples a case)"


def test_whoever_asks_for_frames_gets_them(project):
    project.write(test_mine=TESTS)
    assert "demand_correct" in project.pytest("--tb=long").text


def test_a_fixture_of_that_name_in_the_project_wins(project):
    project.write(
        conftest="import pytest\n@pytest.fixture\ndef gradcheck():\n    return 'own'\n",
        test_mine="def test_own(gradcheck):\n    assert gradcheck == 'own'\n",
    )
    assert project.pytest().code == 0
