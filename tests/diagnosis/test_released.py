"""Causes of mistakes as released code has them; `python -m benchmarks diagnosis` tries all rows of both modules."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.diagnosis.named import named_arrays
from gradcheck.diagnosis.sample import Sample

from . import held_out, released
from .test_hypotheses import failing, said

ROWS = {str(row): row for row in (*released.EXHIBITS, *held_out.EXHIBITS)}
BY_NAMES_ON_THE_WAY = {
    "hidden_layer: no slope": ("params['W1']", "`ROWS.T @ dh` where `ROWS.T @ (dh * h * (1 - h))` belongs"),
    "power_loss": ("beta", "sign(r)"),
    "used_twice: again": ("params['W']", "+ 2 * "),
    "word_vectors": ("params['b']", ".sum(axis=0)` where `d.sum(axis=0)` belongs"),
}


def test_there_are_forty_and_twenty():
    assert len(released.EXHIBITS) >= 40
    assert len(held_out.EXHIBITS) == 20
    assert len(ROWS) == len(released.EXHIBITS) + 20


@pytest.mark.parametrize("name", BY_NAMES_ON_THE_WAY)
def test_what_a_line_names_is_what_a_cause_is_told_in(name):
    argument, words = BY_NAMES_ON_THE_WAY[name]
    causes = said(ROWS[name].wrong, failing(ROWS[name].wrong), argument)
    assert any("other-formula" in names and words in sentence for names, sentence in causes), causes


@pytest.mark.parametrize("name", ["hidden_layer: no slope", "power_loss"])
def test_without_these_names_it_is_not_told(name, monkeypatch):
    monkeypatch.setattr(Sample, "on_the_way", {})
    assert not said(ROWS[name].wrong, failing(ROWS[name].wrong), BY_NAMES_ON_THE_WAY[name][0])


@pytest.mark.parametrize("name", [*BY_NAMES_ON_THE_WAY, "autoencoder: untied", "zoneout", "layer_norm: size", "cell"])
def test_the_twin_is_right(name):
    assert report_case(ROWS[name].right, examples=10).verdict == "correct"


def test_arrays_are_read_where_functions_end_and_entries_of_dicts_are_among_them():
    def op(x):
        cache = {"h": np.tanh(x)}

        def op_vjp(dy):
            dz = dy * (1 - cache["h"] ** 2)
            dz = 2 * dz
            return (dz,)

        return cache["h"], op_vjp

    x = np.array([0.5, -1.0])
    found = named_arrays(lambda: op(x)[1](np.ones(2)), ())
    np.testing.assert_array_equal(found["cache['h']"], np.tanh(x))
    np.testing.assert_array_equal(found["dz"], 2 * (1 - np.tanh(x) ** 2))
    assert set(found) == {"x", "dy", "dz", "cache['h']"}


def test_a_right_op_is_asked_for_no_names(monkeypatch):
    monkeypatch.setattr("gradcheck.diagnosis.sample.named_arrays", lambda *_: 1 / 0)
    assert report_case(Case(lambda x: (x * x, lambda dy: (2 * x * dy,)), "(n)->(n)"), examples=5).verdict == "correct"
    assert report_vjp(lambda x: (x * x, lambda dy: (2 * x * dy,)), np.ones(3)).verdict == "correct"
