"""A backward is followed through whatever stands between, into the files that hold it."""

import sys

import pytest

from gradcheck import UsageError
from gradcheck.gate.fix import write_text
from gradcheck.gate.loading import load_cases
from gradcheck.mends import Rewritten, Suggestion
from gradcheck.mutants import edits_of
from gradcheck.source import find_backward, read_tree

RULE = """
def rule(x, dy):
    scaled = dy * 3
    return (scaled * x**2,)
"""
AROUND = """
import functools
from gradcheck import Case
from holding import rule


def logged(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper


class Kept:
    def __init__(self, x):
        self.x = x

    def backward(self, dy):
        return rule(self.x, dy)


def op(x):
    return x**3, {between}


case = Case(op, "(n)->(n)")
"""
BETWEEN = {
    "a lambda": "lambda dy: rule(x, dy)",
    "a partial": "functools.partial(rule, x)",
    "a decorator": "functools.partial(logged(rule), x)",
    "a method": "Kept(x).backward",
}
TOGETHER = """
import numpy as np
from gradcheck import Case
from gradcheck.adapters import from_value_and_grad


def slope_of(x, z):
    return 2 * x * z


def both(x):
    total = 0.0
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        z = x[i] ** 2
        total += z**2
        gradient[i] += 2 * slope_of(x[i], z)
    return total, gradient


case = Case(from_value_and_grad(both, True), "(n)->()")
"""
PACKAGE = """
import numpy as np
from gradcheck import Case
from somebodys import rule


def op(x):
    def op_vjp(dy):
        {returned}

    return x**3, op_vjp


case = Case(op, "(n)->(n)")
"""


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def load(text, **others):
        for name, other in others.items():
            path = tmp_path / f"{name}.py"
            path.write_text(other)
        for name in ("cases", *others):
            monkeypatch.delitem(sys.modules, name, raising=False)
        (tmp_path / "cases.py").write_text(text)
        return load_cases([str(tmp_path / "cases.py")])[0]

    return load


def functions(backward):
    return {function.qualname for part in backward.parts for function in part.functions}


@pytest.mark.parametrize("between", BETWEEN)
def test_what_stands_between_is_seen_through(load, tmp_path, between):
    backward = find_backward(load(AROUND.replace("{between}", BETWEEN[between]), holding=RULE))
    parts = {part.path: part for part in backward.parts}
    held = parts[str(tmp_path / "holding.py")]
    assert "rule" in functions(backward)
    edited = {edit.line for edit in edits_of(held, read_tree(held.path))}
    assert edited == {3, 4}


def test_of_value_and_gradient_together_what_the_value_does_not_need_is_edited(load):
    case = load(TOGETHER)
    backward = find_backward(case)
    assert functions(backward) == {"both", "slope_of"}
    source = read_tree(backward.path)
    lines = {source.text.splitlines()[edit.line - 1].strip() for edit in edits_of(backward, source)}
    assert lines == {
        "gradient = np.zeros_like(x)",
        "gradient[i] += 2 * slope_of(x[i], z)",
        "return total, gradient",
        "return 2 * x * z",
    }


def test_a_package_is_followed_where_it_is_handed_everything(load, tmp_path, monkeypatch):
    site = tmp_path / "site-packages"
    site.mkdir()
    (site / "somebodys.py").write_text(RULE)
    monkeypatch.syspath_prepend(str(site))
    for returned, followed in (("return rule(x, dy)", True), ("return rule(x, dy * np.ones_like(x))", False)):
        monkeypatch.delitem(sys.modules, "somebodys", raising=False)
        backward = find_backward(load(PACKAGE.replace("{returned}", returned)))
        assert ("rule" in functions(backward)) is followed
        assert bool(backward.unedited) is not followed
    found = Suggestion((), (Rewritten(str(site / "somebodys.py"), RULE, RULE + "# mended"),), 3)
    with pytest.raises(UsageError, match="belongs to an installed package, which is never written"):
        write_text(found)
    assert (site / "somebodys.py").read_text() == RULE
