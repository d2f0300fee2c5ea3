"""Costs, thresholds and known functions stand in their tables, and nowhere else."""

import ast
import re
from pathlib import Path

import pytest

from gradcheck import diagnosis
from gradcheck.diagnosis import costs, limits
from gradcheck.diagnosis.known import forms

HOME = Path(diagnosis.__file__).parent
FILES = sorted(HOME.rglob("*.py"))
COSTS = {"Claim": 1, "Region": 2, "Form": 2, "Shape": 1, "Number": 1, "with_operand": 4, "with_options": 3}


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]


def numbers(node):
    """Floats in an expression but for zero and one, which are no choice."""
    found = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return [value for value in found if type(value) is float and value not in (0.0, 1.0)]


def untabled(source):
    """What a file compares or costs by a number of its own."""
    tree = ast.parse(source)
    found = [name for name in ("allclose", "isclose", "equal_nan") if name in source]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is float and 0 < abs(node.value) < 1e-2:
            found.append(f"line {node.lineno}: {node.value}")
    for node in calls(tree):
        place = COSTS.get(node.func.id)
        if place is not None and len(node.args) > place and numbers(node.args[place]):
            found.append(f"line {node.lineno}: a cost of {numbers(node.args[place])}")
        if node.func.id == "within" and numbers(node.args[1]):
            found.append(f"line {node.lineno}: a tolerance of {numbers(node.args[1])}")
    return found


@pytest.mark.parametrize("file", [f for f in FILES if f.name not in ("costs.py", "limits.py")], ids=lambda f: f.stem)
def test_no_number_stands_outside_the_tables(file):
    assert not untabled(file.read_text())


@pytest.mark.parametrize(
    "line",
    [
        "within(a, 2.0 * b)",
        "a <= 1e-6 * b",
        "np.allclose(a, b)",
        'Claim("sentence", 0.5, holds)',
        'Region("a", "b", 1.5, m)',
    ],
)
def test_one_that_did_would_be_seen(line):
    assert untabled(line)


def test_every_cost_and_every_threshold_is_used_and_explained():
    rest = "\n".join(f.read_text() for f in FILES if f.name not in ("costs.py", "limits.py"))
    for name in (n for n in vars(costs) if n.isupper()):
        assert re.search(rf"costs\.{name}\b", rest), f"costs.{name} is used nowhere"
        assert re.search(rf"^{name} = \S+  # \S|^{name} = ", Path(costs.__file__).read_text(), re.M)
    text = Path(limits.__file__).read_text()
    for name in (n for n in vars(limits) if n.isupper()):
        assert re.search(rf"\b{name}\b", rest), f"limits.{name} is used nowhere"
        assert re.search(rf'^{name} = .*\n"""\S', text, re.M), f"limits.{name} has no reason"


def test_each_form_is_there_once():
    known = [form for form in vars(forms).values() if isinstance(form, forms.Form)]
    assert len({form.words for form in known}) == len(known)
