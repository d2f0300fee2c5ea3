"""`python -m manual_bp.train`: a few steps of each run, what it writes, and what it says where something is absent.

That the whole runs arrive where docs/training.md says is tested by ``tox -e train``.
"""

import json
import sys

import numpy as np
import pytest

import manual_bp
from manual_bp.train import curve
from manual_bp.train.__main__ import RUNS, main


@pytest.mark.parametrize("name", RUNS)
def test_a_short_run_writes_its_result_and_its_curve(name, tmp_path, capsys):
    if name != "gpt":
        pytest.importorskip("sklearn")
    assert main([name, "--steps", "3", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    written = json.loads((tmp_path / "result.json").read_text())
    assert written["result"] == said
    assert len(written["costs"]) == 3
    assert np.isfinite(list(written["figures"].values())).all()
    assert (tmp_path / "curve.png").exists() or (tmp_path / "curve.txt").exists()
    assert not list(tmp_path.glob("*.part"))


def test_a_run_that_is_begun_again_goes_on(tmp_path, capsys):
    assert main(["gpt", "--steps", "2", "--out", str(tmp_path)]) == 0
    first = capsys.readouterr().out
    assert main(["gpt", "--steps", "2", "--out", str(tmp_path)]) == 0
    again = capsys.readouterr().out
    assert first.startswith("step     0")
    assert not [line for line in again.splitlines() if line.startswith("step")]
    assert again.splitlines()[-1] == first.splitlines()[-1]


def test_the_file_of_another_run_is_said(tmp_path, capsys):
    manual_bp.save_parameters(tmp_path / "run.npz", {"w": np.zeros(2)})
    assert main(["gpt", "--steps", "2", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "run.npz" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["diabetes", "digits-mlp", "digits-conv"])
def test_without_scikit_learn_a_sentence_names_it(name, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert main([name, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "pip install scikit-learn" in said
    assert said.count("\n") == 1


def test_without_matplotlib_the_curve_is_text(tmp_path, monkeypatch):
    monkeypatch.setattr(curve, "find_spec", lambda name: None)
    text = curve.draw(tmp_path, [4.0, 3.0, 2.0, 1.0] * 50, [], {})
    assert (tmp_path / "curve.txt").read_text() == text + "\n"
    lines = curve.as_text([3.0, 2.0, 1.0]).splitlines()
    assert lines[0] == "         3 |*  "
    assert lines[curve.HEIGHT - 1] == "         1 |  *"
    assert lines[-1].endswith("0 to 3 steps")


@pytest.mark.parametrize("arguments", [["nothing"], ["gpt", "--steps", "0"], ["gpt", "--steps", "many"], []])
def test_arguments_that_make_no_run(arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
