"""The four projects of `examples/`: the backward is correct, the slip is wrong, both print what is written."""

from importlib.util import find_spec

import pytest

from .projects import PROJECTS, alike, printed

EXIT_CODES = {"run cases.py": 0, "run slip.py": 1, "fix slip.py": 0}


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_prints_what_is_written(name):
    """Otherwise: `python -m tests.examples.projects`, and read the change."""
    framework = PROJECTS[name]
    if framework and find_spec(framework) is None:
        pytest.skip(f"{framework} is not installed")
    blocks = printed(name)
    assert len(blocks) >= 2
    for block, output, code in blocks:
        assert alike(block[1]) == alike(output)
        assert code == EXIT_CODES[block[2].partition(" --")[0]]


def test_the_comparison_can_fail():
    assert alike("correct  a  30  3e-12  no  2.82\n") == alike("correct  a  30  4e-12  no  0.10\n")
    assert alike("correct  a  30  3e-12  no  2.82\n") != alike("wrong  a  30  3e-12  no  2.82\n")
