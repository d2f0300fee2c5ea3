"""A proof says how many lines it covers, and plants in a helper of several backwards once."""

import re
import sys

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from gradcheck.gate.loading import load_cases
from gradcheck.mutants.coverage import covered
from gradcheck.mutants.groups import group_cases
from gradcheck.source import Edit

HELPERS = """
def doubled(dy):
    \"\"\"No line of code.\"\"\"
    if dy is None:
        raise ValueError
    return dy * 2
"""
CASES = """
from gradcheck import Case
from helpers import doubled


def left(x):
    return 2 * x, lambda dy: (doubled(dy),)


def right(x):
    def right_vjp(dy):
        found = doubled(dy)
        if x.ndim > 5:
            found = found * 3
        return (found * x,)

    return x * x, right_vjp


cases = [Case(left, "(n)->(n)"), Case(right, "(n)->(n)")]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "helpers.py").write_text(HELPERS)
    (tmp_path / "cases.py").write_text(CASES)
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("helpers", None)  # of another folder
    yield tmp_path
    sys.modules.pop("helpers", None)


def test_a_helper_is_a_group_of_its_own(folder):
    grouped = group_cases(load_cases([str(folder / "cases.py")]))
    helper = next(group for group in grouped.groups if group.name)
    assert helper.name == "doubled in helpers.py"
    assert helper.indices == (0, 1)
    assert {edit.path for edit in helper.edits} == {str(folder / "helpers.py")}
    assert {line for _, line in helper.lines} == {6}
    assert all(edit.path != str(folder / "helpers.py") for g in grouped.groups if not g.name for edit in g.edits)


def test_what_is_not_reached_counts_against_the_score_and_is_not_covered(folder):
    result = CliRunner().invoke(main, ["prove", "cases.py", "--examples", "15", "--jobs", "1"])
    assert result.exit_code == 1, result.output
    rows = {line.split()[2]: line.split() for line in result.output.splitlines() if re.match(r" *[\d.]+% ", line)}
    assert rows["left"][:2] == ["100%", "1/1"]
    assert rows["doubled"][:2] == ["100%", "1/1"]
    assert rows["right"][1] == "3/4"
    assert float(rows["right"][0][:-1]) < 100
    assert "unreached: cases.py:14 in right.<locals>.right_vjp" in result.output
    assert re.search(r"score [\d.]+% over 5 of 6 lines", result.output.splitlines()[-1])


def test_an_edit_covers_the_statement_that_it_is_in():
    edits = [Edit("name", "", "a.py", "f", line, 0, 1, "a", "b") for line in (4, 5)]
    assert covered({("a.py", 3), ("a.py", 5), ("a.py", 9), ("b.py", 4)}, edits) == 2
