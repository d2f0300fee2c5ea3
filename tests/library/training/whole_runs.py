"""The runs of `python -m manual_bp.train` from end to end, against what docs/training.md promises: ``tox -e train``."""

import json

import pytest

from manual_bp.train.__main__ import main


@pytest.fixture
def figures(request, tmp_path):
    assert main([request.param, "--out", str(tmp_path)]) == 0
    return json.loads((tmp_path / "result.json").read_text())["figures"]


@pytest.mark.parametrize("figures", ["diabetes"], indirect=True)
def test_diabetes_is_ahead_of_linear_regression(figures):
    assert figures["mse of mlp"] < figures["mse of linear"] == pytest.approx(2998.6, abs=0.1)


@pytest.mark.parametrize("figures", ["digits-mlp", "digits-conv"], indirect=True)
def test_digits_are_named_right(figures):
    assert figures["held out"] == 360
    assert figures["accuracy"] >= 0.975


@pytest.mark.parametrize("figures", ["gpt"], indirect=True)
def test_the_language_model_is_ahead_of_counting_bigrams(figures):
    assert figures["cost of bigrams"] == pytest.approx(2.340, abs=1e-3)
    assert figures["cost"] < 2.15
