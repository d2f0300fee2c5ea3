"""Races, each in the one order of events that loses."""

import numpy as np

from .exhibit import two_backwards


def grouped_gate(x, gate):
    """x (n,2,d) times gate (n,d): two lanes share one gate."""
    return x * gate[:, None], (x, gate)


def grouped_gate_backward_lost_updates(saved, dy):
    x, gate = saved
    dgate = np.zeros_like(gate)
    rows = np.repeat(np.arange(len(gate)), 2)
    dgate[rows] += (dy * x).reshape(len(rows), gate.shape[1])
    return dy * gate[:, None], dgate


def grouped_gate_backward(saved, dy):
    x, gate = saved
    dgate = np.zeros_like(gate)
    rows = np.repeat(np.arange(len(gate)), 2)
    np.add.at(dgate, rows, (dy * x).reshape(len(rows), gate.shape[1]))
    return dy * gate[:, None], dgate


def scaled(x, weight):
    """x (m,n) times weight (n); each row is a program that adds to one total."""
    return x * weight, (x, weight)


def scaled_backward_lock_too_early(saved, dy):
    x, weight = saved
    total = in_flight = np.zeros_like(weight)
    for part in dy * x:
        seen = total
        total = in_flight
        in_flight = seen + part
    return dy * weight, in_flight.copy()


def scaled_backward(saved, dy):
    x, weight = saved
    total = in_flight = np.zeros_like(weight)
    for part in dy * x:
        seen = in_flight
        total = in_flight
        in_flight = seen + part
    return dy * weight, in_flight.copy()


def projected(x, weight):
    """x (m,i) @ weight (i,o), its backward through one buffer a row."""
    return x @ weight, (x, weight)


def projected_backward_no_barrier(saved, dy):
    x, weight = saved
    dx = np.zeros_like(x)
    buffer = np.zeros(weight.shape[0])
    for row in range(len(x)):
        tile = buffer.copy()
        buffer[...] = weight @ dy[row]
        dx[row] = tile
    return dx, x.T @ dy


def projected_backward(saved, dy):
    x, weight = saved
    dx = np.zeros_like(x)
    buffer = np.zeros(weight.shape[0])
    for row in range(len(x)):
        buffer[...] = weight @ dy[row]
        tile = buffer.copy()
        dx[row] = tile
    return dx, x.T @ dy


EXHIBITS = [
    two_backwards(
        "B204",
        "two lanes add to one place and one update is lost",
        "(n,2,d),(n,d)->(n,2,d)",
        cause="lost-contributions",
        forward=grouped_gate,
        wrong=grouped_gate_backward_lost_updates,
        right=grouped_gate_backward,
    ),
    two_backwards(
        "B205",
        "a lock released before the store has landed",
        "(m,n),(n)->(m,n)",
        cause="lost-contributions",
        forward=scaled,
        wrong=scaled_backward_lock_too_early,
        right=scaled_backward,
    ),
    two_backwards(
        "B206",
        "a tile read before it is written",
        "(m,i),(i,o)->(m,o)",
        cause={"shifted", "stale", "lost-contributions"},
        forward=projected,
        wrong=projected_backward_no_barrier,
        right=projected_backward,
    ),
]
