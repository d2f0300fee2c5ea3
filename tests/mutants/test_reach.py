"""A mutant of a line that no example runs is not equivalent: nothing could have told it apart."""

import textwrap

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from gradcheck.mutants.reach import lines_of
from gradcheck.source import Edit

BRANCH = """
from gradcheck import Case


def square(x):
    def square_vjp(dy):
        if {condition}:
            return ({factor} * x * dy,)
        return (2 * x * dy,)

    return x * x, square_vjp


case = Case(square, "(n)->(n)")
"""


@pytest.fixture
def prove(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(condition, factor):
        (tmp_path / "branch.py").write_text(BRANCH.format(condition=condition, factor=factor))
        result = CliRunner().invoke(main, ["prove", "branch.py", "--examples", "20", "--jobs", "1"])
        return result.exit_code, result.output

    return run


def test_a_branch_that_no_example_enters_is_unreached(prove):
    code, output = prove("x.ndim > 7", 3)
    assert code == 1, output
    assert "unreached: branch.py:8 in square.<locals>.square_vjp" in output
    assert "no example runs this line" in output


def test_a_right_choice_on_a_line_that_runs_is_still_equivalent(prove):
    code, output = prove("x.size > 1", 2)
    assert code == 0, output
    assert " equivalent" in output.splitlines()[-1]


TEXT = textwrap.dedent("""
    def op(x):
        y = f(
            x,
            2,
        )
        if (
            x > 0
        ):
            y = 3
        return y
""")


@pytest.mark.parametrize(
    ("piece", "wanted"),
    [("2,", {3, 4, 5, 6}), ("x > 0", {7, 8, 9}), ("y = 3", {10}), ("return y", {11})],
)
def test_the_statement_around_an_edit(piece, wanted):
    line = TEXT[: TEXT.index(piece)].count("\n") + 1
    assert lines_of(Edit("planted", "", "f.py", "op", line, 0, 0, "", ""), TEXT) == wanted


def test_what_is_no_python_has_the_lines_of_the_edit():
    assert lines_of(Edit("planted", "", "f.py", "op", 2, 0, 0, "", "a\nb"), "def (") == {2, 3}
