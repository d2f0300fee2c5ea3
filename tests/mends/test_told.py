"""Two slips in one line, a sign and a factor, are mended by what the look for the line has found."""

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradcheck import Case
from gradcheck.gate.cli import main
from gradcheck.gate.loading import load_cases
from gradcheck.generation.search import find
from gradcheck.mends import Search, Settings, begin, search
from gradcheck.mends.told import told_edits
from gradcheck.origin import origins_of_case
from gradcheck.source import read_tree
from gradcheck.workers import contained

RIGHT = "ds = g * (2 * k * s - x * np.exp(-s))"
TEXT = f'''import numpy as np

from gradcheck import Case


def decay(x, s, k):
    """As it was in a course."""
    y = x * np.exp(-s) + k * s**2

    def decay_vjp(g):
        dx = g * np.exp(-s)
        {RIGHT}
        return dx, ds, g * s**2

    return y, decay_vjp


case = Case(decay, "(n),(n),(n)->(n)")
'''
WRONG = [
    "ds = g * (k * s + x * np.exp(-s))",
    "ds = -g * (k * s - x * np.exp(-s))",
    "ds = g * (2 * k * s + 2 * x * np.exp(-s))",
    "ds = g * (2 * k - x * np.exp(s))",
]


def written(tmp_path: Path, line: str) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(TEXT.replace(RIGHT, line))
    return path


def edits_of(case: Case, path: Path):
    found = find(case, 20, 0)
    origins = origins_of_case(case, found.example) if found.example is not None else ()
    return told_edits(origins, {str(path): read_tree(str(path))})


@pytest.mark.parametrize("line", WRONG)
def test_each_edit_that_is_told_makes_the_program_right(line, tmp_path):
    path = written(tmp_path, line)
    (case,) = load_cases([str(path)])
    edits = edits_of(case, path)
    assert edits
    text = edits[0].render(path.read_text())
    assert len(ast.parse(text).body) == len(ast.parse(TEXT).body)
    path.write_text(text)
    (case,) = load_cases([str(path)])
    assert find(case, 20, 1).report.verdict == "correct"


def test_of_what_is_right_none_is_told(tmp_path):
    path = written(tmp_path, RIGHT)
    (case,) = load_cases([str(path)])
    assert edits_of(case, path) == []


def searched(path: Path, budget: float = 30):
    """What `fix` finds, searched in this process."""
    (case,) = load_cases([str(path)])
    with contained([str(path)], load_cases, 1) as ask:
        begin(case, ask)
        return Search(case, find(case, 10, 0).whole, ask, Settings(budget=budget, jobs=1)).run()


def test_what_was_told_mends_it_looked_for_once_with_the_line(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "origins_in", lambda *_: ())
    path = written(tmp_path, WRONG[0])
    assert [[edit.operator for edit in suggestion.edits] for suggestion in searched(path).suggestions] == [["told"]]
    assert path.read_text() == TEXT.replace(RIGHT, WRONG[0])


def test_without_what_was_told_nothing_mends_it_by_one_edit(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "told_edits", lambda *_: [])
    monkeypatch.setattr(search, "origins_in", lambda *_: ())  # the time is for the edits
    found = searched(written(tmp_path, WRONG[0]), budget=5)
    assert found.singles > 100
    assert all(len(suggestion.edits) > 1 for suggestion in found.suggestions)


def test_the_command_mends_it(tmp_path, monkeypatch):
    path = written(tmp_path, WRONG[0])
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["fix", "mine.py", "--examples", "10", "--budget", "30"])
    assert result.exit_code == 0
    assert "mine.py:12, one edit: correct at" in result.output
    assert path.read_text() == TEXT.replace(RIGHT, WRONG[0])
