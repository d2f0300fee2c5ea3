"""Whole sequences: torch's, the cell step by step, and one half after the other."""

import numpy as np
import pytest

import manual_bp

from ..against_torch import assert_agrees

GATES = {"rnn": 1, "lstm": 4, "gru": 3}
TIMES, SAMPLES, INPUTS, STATES = 5, 3, 4, 2


def drawn(name, *, layers=1, directions=1, bias=True, batch_first=False):
    rng = np.random.default_rng(6)
    rows = GATES[name] * STATES
    shapes = [(SAMPLES, TIMES, INPUTS) if batch_first else (TIMES, SAMPLES, INPUTS)]
    shapes += [(layers * directions, SAMPLES, STATES)] * (2 if name == "lstm" else 1)
    for layer in range(layers):
        for _ in range(directions):
            shapes += [
                (rows, directions * STATES if layer else INPUTS),
                (rows, STATES),
                *([(rows,)] * 2 if bias else []),
            ]
    return [rng.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("bias", [True, False], ids=["biases", "no biases"])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("name", GATES)
def test_layers_and_directions_are_torchs(name, layers, bidirectional, bias):
    for batch_first in (False, True):
        options = {"bias": bias, "batch_first": batch_first}
        inputs = drawn(name, layers=layers, directions=2 if bidirectional else 1, **options)
        assert_agrees(name, *inputs, bidirectional=bidirectional, **options)


def test_a_network_with_relu_is_torchs():
    assert_agrees("rnn", *drawn("rnn", layers=2), nonlinearity="relu")


@pytest.mark.parametrize("name", GATES)
def test_cells_without_biases_are_torchs(name):
    x, *rest = drawn(name, bias=False)
    states = [state[0] for state in rest[:-2]]
    assert_agrees(f"{name}_cell", x[0], *states, *rest[-2:])


@pytest.mark.parametrize("name", GATES)
def test_a_sequence_is_its_cells_one_after_the_other(name):
    x, *rest = drawn(name)
    states, weights = [state[0] for state in rest[:-4]], rest[-4:]
    values, _ = getattr(manual_bp, name)(x, *rest)
    cell = getattr(manual_bp, f"{name}_cell")
    for t in range(TIMES):
        new, _ = cell(x[t], *states, *weights)
        states = list(new) if name == "lstm" else [new]
        np.testing.assert_allclose(values[0][t], states[0], rtol=1e-14)
    for last, state in zip(values[1:], states, strict=True):
        np.testing.assert_allclose(last[0], state, rtol=1e-14)


@pytest.mark.parametrize("name", GATES)
def test_two_halves_chained_by_their_states_have_the_gradients_of_the_whole(name):
    x, *rest = drawn(name)
    op, starts, weights = getattr(manual_bp, name), rest[:-4], rest[-4:]
    (output, *last), vjp = op(x, *starts, *weights)
    doutput = np.random.default_rng(1).normal(size=output.shape)
    whole = vjp((doutput, *(np.ones_like(state) for state in last)))

    (_, *middle), first_vjp = op(x[:2], *starts, *weights)
    (_, *end), second_vjp = op(x[2:], *middle, *weights)
    dx2, *rest2 = second_vjp((doutput[2:], *(np.ones_like(state) for state in end)))
    dx1, *rest1 = first_vjp((doutput[:2], *rest2[: len(starts)]))
    np.testing.assert_allclose(np.concatenate([dx1, dx2]), whole[0], rtol=1e-12)
    for one, two, both in zip(rest1[len(starts) :], rest2[len(starts) :], whole[1 + len(starts) :], strict=True):
        np.testing.assert_allclose(one + two, both, rtol=0, atol=1e-12)
