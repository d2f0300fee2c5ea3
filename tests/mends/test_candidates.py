"""What people leave out or get wrong is among the candidates, as they would write it."""

import ast
import textwrap

import numpy as np
import pytest

from gradcheck.mends.candidates import candidates
from gradcheck.mends.parentheses import with_fewest_parentheses
from gradcheck.source.backward import Backward, FunctionAt
from gradcheck.source.edit import render
from gradcheck.source.file import Source

OP = """
import numpy as np


def slope(z):
    return 1 - np.tanh(z) ** 2


def op(x, w, mask):
    n = len(x)
    y = np.tanh(x * w)

    def op_vjp(dy):
        dz = dy * (1 - y**2)
        {line}
        dw = np.sum(dz * x, axis=0)
        return {returned}

    return y, op_vjp
"""


def mends(line="dx = dz * w", returned="dx, dw, None"):
    """Every line that some candidate makes of a line of the backward, as a program, and the least that it costs."""
    text = OP.format(line=line, returned=returned)
    start = text[: text.index("def op_vjp")].count("\n") + 1
    backward = Backward("op.py", (FunctionAt("op.<locals>.op_vjp", start, 4),))
    source = Source("op.py", text)
    before = text.splitlines()
    found = {}
    for candidate in candidates(backward, {"op.py": source}):
        after = candidate.edit.render(text).splitlines()
        for old, new in zip(before, after, strict=True):
            if old != new:
                found.setdefault(program(new), candidate.cost)
    return found


def program(line):
    """A line whatever its parentheses; the line itself where it is no program."""
    try:
        return ast.dump(ast.parse(f"def f():\n    {line.strip()}"))
    except SyntaxError:
        return line


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("dx = dz", "dx = dz * w"),
        ("dx = w", "dx = w * dz"),
        ("dx = w", "dx = w * dy[:, None]"),
        ("dx = dz * w * n", "dx = dz * w"),
        ("dx = dz * w", "dx = dz * w / n"),
        ("dx = dz * w", "dx = dz * w / len(x)"),
        ("dx = dz * w", "dx = dz * w * 2"),
        ("dx = dz * w", "dx = -(dz * w)"),
        ("dx = dz * w", "dx = dy * w"),
        ("dx = dz * w", "dx = dz * x"),
        ("dx = dz * w", "dx = dz / w"),
        ("dx = dz + w", "dx = dz - w"),
        ("dx = w - dz", "dx = dz - w"),
        ("dx = dz * w", "dx = dz @ w"),
        ("dx = dz @ w", "dx = dz @ w.T"),
        ("dx = dz @ w.T", "dx = w.T @ dz"),
        ("dx = dz", "dx = dz @ w.T"),
        ("dx = dz.sum()", "dx = dz.sum(axis=0, keepdims=True)"),
        ("dx = dz", "dx = dz.sum(axis=0)"),
        ("dx = dz.sum(axis=1)", "dx = dz.sum(axis=0)"),
        ("dx = dz.sum(axis=1)", "dx = dz.sum(axis=1, keepdims=True)"),
        ("dx = dz.mean(axis=0)", "dx = dz.sum(axis=0)"),
        ("dx = dz", "dx = dz - dz.mean(axis=-1, keepdims=True)"),
        ("dx = dz * y", "dx = (dz - np.sum(dz * y, axis=-1, keepdims=True)) * y"),
        ("dx = dy * slope(y)", "dx = dy * slope(x)"),
        ("dx = dy * slope(x)", "dx = dy * (1 - x**2)"),
        ("dx = np.clip(dz, -1, 1) * w", "dx = dz * w"),
        ("dx = np.abs(dz) * w", "dx = dz * w"),
        ("dx = dz * np.sin(w)", "dx = dz * np.cos(w)"),
        ("dx = dz * w", "dx = dz * np.cos(w)"),
        ("dx = dz * w", "dx = dz * w**2"),
        ("dx = dz * w**3", "dx = dz * w**2"),
        ("dx = dz * (w > 0)", "dx = dz * (w >= 0)"),
        ("dx = np.where(w > 0, 0, dz)", "dx = np.where(w > 0, dz, 0)"),
        ("dx = dz * ~mask", "dx = dz * mask"),
        ("dx = dz / w", "dx = dz / np.where(w != 0, w, 1)"),
        ("dx = dz", "dx = dz.copy()"),
        ("dx = dz * w[1]", "dx = dz * w[0]"),
        ("dx = dz[:-1]", "dx = dz[:]"),
        ("dz *= w", "dz = dz * w"),
        ("dy[0] = w", "dy[0] += w"),
        ("dx = np.float64(np.float32(dz * w))", "dx = dz * w"),
        ("dx = dz + w", "dx = dz"),
        ("dx = dz", "dx = dz.astype(x.dtype)"),
        ("dx = dz[0:-n]", "dx = dz[0:-n or None]"),
        ("dx = dz * (n % 2)", "dx = dz * (n // 2)"),
        ("dx = dz / (1 + dz)", "dx = 1 / (1 + 1 / dz)"),
        ("dx = dz * w", "dx = dz * w / w.sum(axis=-1, keepdims=True)"),
        ("dx = dz * (np.abs(w - x) < 0.1)", "dx = dz * (w == x)"),
        ("dx = dz * (w > 0)", "dx = dz * (0.5 * (w > 0) + 0.5 * (w >= 0))"),
        ("dx = dy * y * (1 - y)", "dx = dy * (1 - y**2)"),
        ("dx = dy * y * (1 - y)", "dx = y * (dy - (dy * y).sum(axis=1, keepdims=True))"),
        ("dx = None", "dx = (dy * w).sum(axis=0)"),
        ("dx = w @ dz", "dx = dz"),
    ],
)
def test_what_the_author_should_have_written_is_tried(wrong, right):
    assert program(right) in mends(line=wrong)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("dw, dx, None", "return (dx, dw, None)"),
        ("dx, dw", "return (dx, dw, None)"),
        ("dx, None", "return (dx, dw, None)"),
        ("dx, dw, None, None", "return (dx, dw, None)"),
        ("dx, dx, None", "return dx, dw, None"),
        ("dx, dw, np.zeros_like(mask)", "return dx, dw, None"),
        ("dx", "return (dx,)"),
        ("[dx, dw, None]", "return tuple([dx, dw, None])"),
    ],
)
def test_what_is_returned_is_put_in_order(wrong, right):
    assert program(right) in mends(returned=wrong)


def test_the_conventional_costs_less_than_the_far_fetched():
    found = mends()
    assert found[program("dx = dz * w / n")] < found[program("dx = dz * w / x.shape[-1]")]
    assert found[program("dx = dz * w / n")] < found[program("dx = dz * w * (1 - y)")]
    assert found[program("dx = dz")] < found[program("dx = dz * w + dz")]


def test_a_name_that_has_no_value_yet_is_not_used():
    assert not any("id='dw', ctx=Load" in line for line in mends() if "id='dx', ctx=Store" in line)


def test_no_candidate_is_there_twice_and_all_change_something():
    text = OP.format(line="dx = dz * w", returned="dx, dw, None")
    start = text[: text.index("def op_vjp")].count("\n") + 1
    backward = Backward("op.py", (FunctionAt("op.<locals>.op_vjp", start, 4),))
    found = candidates(backward, {"op.py": Source("op.py", text)})
    rendered = [render(text, (candidate.edit, *candidate.also)) for candidate in found]
    assert len(found) > 500
    assert text not in rendered
    assert all(candidate.edit.before != candidate.edit.after for candidate in found)
    edits = [(c.edit, *c.also) for c in found]
    assert len({tuple((one.start, one.end, one.after) for one in some) for some in edits}) == len(found)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("a * b", "((a * b) / n)", "x * (a * b / n)"),
        ("a * b", "(a)", "x * a"),
        ("a * b", "((a + b))", "x * (a + b)"),
        ("a * b", "(f((a)))", "x * f(a)"),
    ],
)
def test_parentheses_that_are_not_needed_go(before, after, wanted):
    from gradcheck.source import Edit

    text = "def g(a, b, n, x, f):\n    return x * (a * b)\n"
    start = text.index("(a * b)")
    edit = Edit("planted", "", "g.py", "g", 2, start, start + len("(a * b)"), "(a * b)", after)
    rendered = with_fewest_parentheses(edit, text).render(text)
    assert textwrap.dedent(rendered).splitlines()[1].strip() == f"return {wanted}"
    names = {"a": 2.0, "b": 3.0, "n": 7.0, "x": 5.0, "f": np.sin}
    assert eval(wanted, {}, names) == eval(f"x * {after}", {}, names)
