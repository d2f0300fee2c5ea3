"""Edits are carried out in the process of whoever asks: none may steer the backward, or make anything large."""

import ast
from collections.abc import Callable

import numpy as np
import pytest

from gradcheck import Case, report_case
from gradcheck.origin import looking, operands
from gradcheck.origin.harmless import is_harmless, may_grow

NAMES = {"x": np.ones(3), "dy": np.ones(3), "mask": np.ones(3, bool), "n": 3, "rate": 0.5}
STEERED = """
import numpy as np

RAN = []

def op(x):
    def op_vjp(dy):
        size = 3
        if size != 3:
            RAN.append(size)
        dx = x * dy * (size / 3)
        return (dx,)
    return x * x, op_vjp
"""


def line(code):
    return ast.parse(code).body[0]


def look(node) -> Callable[[ast.expr], object]:
    return NAMES.get(node.id) if isinstance(node, ast.Name) else None


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("dx = x * dy", np.ones(3)),
        ("dx = dy * x ** n", np.ones(3)),
        ("dx = dy * rate ** n", np.ones(3)),
        ("dx[mask] = 0", np.zeros((), int)),
        ("dx = np.zeros_like(x) + dy", np.ones(3)),
    ],
)
def test_what_computes_numbers_with_a_fraction_is_edited(code, value):
    names = NAMES | {"dx": np.ones(3)}
    assert is_harmless(line(code), [value], lambda node: names.get(getattr(node, "id", "")))


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("n = n - 1", np.array(2)),
        ("mask = x > 0", np.ones(3, bool)),
        ("dx = np.zeros(10 ** n) + dy", np.ones(3)),
        ("dx = np.tile(dy, n)", np.ones(3)),
        ("dx = dy * 10 ** (n * n)", np.ones(3)),
        ("dx = dy * (1 << n)", np.ones(3)),
        ("dx = dy if n > 3 else x", np.ones(3)),
        ("labels[mask] = 0", np.zeros((), int)),
    ],
)
def test_what_steers_or_may_grow_is_not(code, value):
    names = NAMES | {"labels": np.ones(3, int)}
    assert not is_harmless(line(code), [value], lambda node: names.get(getattr(node, "id", "")))


def steered(tmp_path):
    path = tmp_path / "steered.py"
    path.write_text(STEERED)
    names = {"__name__": "steered"}
    exec(compile(STEERED, str(path), "exec"), names)
    report = report_case(Case(names["op"], "(n)->(n)"), 20)
    assert report.verdict == "wrong"
    return names["RAN"]


def test_no_branch_is_taken_that_the_backward_never_takes(tmp_path):
    assert steered(tmp_path) == []


def test_without_that_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(looking, "is_harmless", lambda *line: True)
    assert steered(tmp_path)


def test_no_operand_is_computed_that_may_be_large(monkeypatch):
    function = line("def f(x):\n    return np.zeros(10 ** (n * n))[:1] if n > 3 else x * x")
    seen = []
    monkeypatch.setattr(operands, "computed", lambda node, *names: seen.append(ast.unparse(node)))
    scope = operands.Scope(NAMES, {"np": np}, [function])
    assert not list(scope.expressions)
    assert "x * x" in seen
    assert not [text for text in seen if "zeros(" in text or "**" in text]
    assert may_grow(function, look)
