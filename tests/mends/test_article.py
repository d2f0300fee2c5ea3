"""The article's listing and every slip of those who typed it are mended."""

import importlib.util
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradcheck import report_case
from gradcheck.gate.cli import main

from . import article

NAMES = [str(case) for case in article.CASES]
EXPECTED = {
    "listing": ["+        dA2 = dJ * 2 * (A2 - Y) / X.shape[1]", "+        dZ2 = dA2 * d_sigmoid(Z2)"],
    "w1_for_w2": ["+        dA1 = W2.T @ dZ2"],
    "no_mean": ["+        dA2 = dJ * 2 * (A2 - Y) / samples"],
    "no_two": ["+        dA2 = dJ / samples * (A2 - Y) * 2"],
    "dw2_from_a2": ["+        dW2 = dZ2 @ A1.T"],
    "b1_not_summed": ["+        dB1 = dZ1.sum(axis=1, keepdims=True)"],
    "b2_not_summed": ["+        dB2 = dZ2.sum(axis=1, keepdims=True)"],
    "wrong_sign": ["+        dA2 = dJ * 2 / samples * (A2 - Y)"],
}


def test_there_are_the_listing_and_nine_slips():
    assert len(NAMES) == 10


@pytest.mark.parametrize("name", NAMES)
def test_it_is_mended(name, tmp_path, monkeypatch):
    file = tmp_path / "typed.py"
    shutil.copy(article.__file__, file)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["fix", f"typed.py::{name}", "--write", "--budget", "200", "--examples", "20"])
    assert result.exit_code == 0, result.output
    first = result.output.split("\n2. ")[0].splitlines()
    for line in EXPECTED.get(name, []):
        assert line in first, result.output
    changed = [line for line in first if line.startswith("+ ")]
    assert len(changed) == (2 if name == "listing" else 1), result.output
    mended = loaded(file)
    report = report_case(next(case for case in mended.CASES if str(case) == name), examples=60, seed=77)
    assert report.verdict == "correct", str(report)
    lines = [file.read_text().splitlines(), Path(article.__file__).read_text().splitlines()]
    assert sum(ours != theirs for ours, theirs in zip(*lines, strict=True)) == len(changed)


def loaded(file):
    spec = importlib.util.spec_from_file_location("typed_and_mended", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
