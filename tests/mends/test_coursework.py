"""Slips in coursework style are mended where they were made: in dicts, on instances, in helpers of other files.

A handful; `python -m benchmarks repair` tries them all.
"""

import sys

import pytest
from click.testing import CliRunner

from gradcheck import report_case
from gradcheck.gate.cli import main
from gradcheck.gate.loading import load_cases

from .coursework.slips import HERE, SLIPS

BY_NAME = {str(slip): slip for slip in SLIPS}
MENDED = {
    "the article's: a weight of the layer before": ("by_dict.py", '    dZ2 = dA2 * cache["A2"] * (1 - cache["A2"])'),
    "a gradient that is missing": ("by_dict.py", '    grads["db1"] = np.sum(dZ1, axis=1, keepdims=True)'),
    "a mean in the layer, and in the cost": ("layers.py", "    dW = dZ @ A.T"),
    "no mask": ("by_class.py", "        dZ1 = dA1 * (self.Z1 > 0)"),
}


@pytest.fixture(autouse=True)
def _fresh_modules():
    """The same names stand in several folders."""
    for name in ("layers", "model"):
        sys.modules.pop(name, None)
    yield
    for name in ("layers", "model"):
        sys.modules.pop(name, None)


def test_there_are_twenty_or_more():
    assert len(BY_NAME) == len(SLIPS) >= 20


@pytest.mark.parametrize("target", ["by_dict.py", "by_class.py", "in_files/cases.py"])
def test_without_a_slip_they_are_right(target, monkeypatch):
    monkeypatch.syspath_prepend(str((HERE / target).parent))
    (case,) = load_cases([str(HERE / target)])
    assert report_case(case, examples=20).verdict == "correct"


@pytest.mark.parametrize("name", MENDED)
def test_it_is_mended_where_it_was_made(name, tmp_path, monkeypatch):
    slip = BY_NAME[name]
    slip.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["fix", slip.target, "--write", "--budget", "120", "--examples", "30"])
    assert result.exit_code == 0, result.output
    file, line = MENDED[name]
    first = result.output.split("\n2. ")[0]
    assert f"+++ b/{file}\n" in first
    assert [text[1:] for text in first.splitlines() if text.startswith("+ ")] == [line]
    for other in slip.files:
        right = (HERE / slip.folder / other).read_text()
        text = (tmp_path / other).read_text()
        assert sum(a != b for a, b in zip(right.splitlines(), text.splitlines(), strict=True)) == 0 or other == file


def test_two_mistakes_in_two_files_are_mended_in_both(tmp_path, monkeypatch):
    helper, caller = BY_NAME["mask of the gradient"], BY_NAME["the cost is a mean, in files"]
    helper.write(tmp_path)
    text = (tmp_path / caller.file).read_text()
    (tmp_path / caller.file).write_text(text.replace(caller.right, caller.wrong))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["fix", helper.target, "--write", "--budget", "200", "--examples", "30"])
    assert result.exit_code == 0, result.output
    assert "1. model.py:27 and layers.py:25, two edits" in result.output
    assert "written: model.py and layers.py" in result.output
    lines = {(tmp_path / name).read_text().splitlines()[line - 1].strip() for name, line in PLACES.items()}
    assert lines == {"dAL = -(Y / AL - (1 - Y) / (1 - AL)) / m", "dZ[cache <= 0] = 0"}  # `cache` is Z there
    again = CliRunner().invoke(main, ["run", helper.target, "--examples", "10"])
    assert again.exit_code == 0, again.output


PLACES = {"model.py": 27, "layers.py": 25}
