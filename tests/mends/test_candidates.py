"""What people leave out or get wrong is among the candidates, as they would write it."""

import ast
import textwrap
from functools import cache

import numpy as np
import pytest

from gradcheck.mends.candidates import candidates
from gradcheck.mends.parentheses import with_fewest_parentheses
from gradcheck.mends.values import Value
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


@cache
def mends(line="dx = dz * w", returned="dx, dw, None", held=()):
    """Every line that some candidate makes of a line of the backward, as a program, and the least that it costs."""
    text = OP.format(line=line, returned=returned)
    start = text[: text.index("def op_vjp")].count("\n") + 1
    backward = Backward("op.py", (FunctionAt("op.<locals>.op_vjp", start, 4),))
    source = Source("op.py", text)
    before = text.splitlines()
    found = {}
    seen = {("op.py", "op.<locals>.op_vjp"): dict(held)}
    for candidate in candidates(backward, {"op.py": source}, held=seen):
        after = candidate.edit.render(text).splitlines()
        if len(after) > len(before):
            place = next(number for number, pair in enumerate(zip(before, after, strict=False)) if len(set(pair)) > 1)
            found.setdefault(program(after[place]), candidate.cost)
            continue
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
        ("dx = (w - n) * dz", "dx = (w - n)**2 * dz"),
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
        ("dx = np.exp(np.where(mask, dz, -np.inf) - w)", "dx = np.where(mask, np.exp(dz - w), 0)"),
        ("dx = np.exp(-w) * np.sum(np.exp(dz) * x)", "dx = np.sum(np.exp(dz - w) * x)"),
        ("dx = np.sum(np.exp(dz) * x) / np.exp(w)", "dx = np.sum(np.exp(dz - w) * x)"),
        ("dx = dz * n * w ** (n - 1)", "dx = dz * np.log(n) * n**w"),
        ("dx = dz * np.log(w) * w**x", "dx = dz * x * w ** (x - 1)"),
        ("dx = dz * w", "dx = dz * np.full_like(w, w.sum())"),
        ("dx = dz * w", "dx = dz * np.full_like(w, w.sum(axis=-1, keepdims=True))"),
        ("dz[0] = dy * w[1]", "dz[1] += dy * w[0]"),
        ("dz[n, 0] -= dy * w[0, n] * x", "dz[0, n] -= dy * w[n, 0] * x"),
    ],
)
def test_what_the_author_should_have_written_is_tried(wrong, right):
    assert program(right) in mends(line=wrong)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("dx = dz.sum(axis=0)", "dx = dz.reshape(-1, n, *dz.shape[1:]).sum(axis=1)"),
        ("dx = dz.sum(axis=0)", "dx = dz.reshape(n, -1, *dz.shape[1:]).sum(axis=0)"),
        ("dx = dz", "dx = (dz - y * np.sum(y * dz, axis=-1, keepdims=True)) / w"),
        ("dx = dz", "dx = (dz - y * np.sum(y * dz, axis=-1, keepdims=True)) / mask[..., None]"),
    ],
)
def test_what_the_shapes_of_a_run_allow_is_tried(wrong, right):
    held = (("n", Value()), ("y", Value((4, 3))), ("w", Value((4, 1))), ("mask", Value((4,))))
    assert program(right) in mends(line=wrong, held=held)
    assert program(right) not in mends(line=wrong)


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


FAR = """
import numpy as np


def leaky(x):
    def leaky_vjp(dy):
        a = dy * 2
        return (dy * np.where(x > 0, 1.0, 0.0),)

    return np.where(x > 0, x, 0.125 * x), leaky_vjp
"""


def of_far(**options):
    start = FAR[: FAR.index("def leaky_vjp")].count("\n") + 1
    backward = Backward("far.py", (FunctionAt("leaky.<locals>.leaky_vjp", start, 4),))
    return candidates(backward, {"far.py": Source("far.py", FAR)}, **options)


def test_a_number_of_the_forward_is_tried_for_another():
    texts = {with_fewest_parentheses(c.edit, FAR).render(FAR).splitlines()[7].strip() for c in of_far()}
    assert "return (dy * np.where(x > 0, 1.0, 0.125),)" in texts


def test_of_some_lines_only_those_are_edited():
    assert {c.edit.line for c in of_far()} == {7, 8}
    assert {c.edit.line for c in of_far(lines={("far.py", 7)})} == {7}
