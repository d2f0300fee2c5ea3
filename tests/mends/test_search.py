"""Backwards of other kinds than the article's are mended; what a line has a hand in is known."""

import sys
import textwrap

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from gradcheck.mends.code_swap import Patchers
from gradcheck.mends.influence import influence_of, probes, tried
from gradcheck.mends.slopes import examples_for, measure
from gradcheck.protocol import quiet
from gradcheck.source import find_backward, read_tree

HEAD = """
    import numpy as np
    from gradcheck import Case
"""
NORM = """
    def norm(x):
        n = np.sqrt(np.sum(x * x))
        def norm_vjp(g):
            return (g * x * n,)
        return n, norm_vjp
    case = Case(norm, "(n)->()")
"""
LAYER_NORM = """
    def layer_norm(x, gamma):
        s = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
        h = (x - x.mean(axis=1, keepdims=True)) / s
        def layer_norm_vjp(dy):
            g = dy * gamma
            dx = (g - g.mean(axis=1, keepdims=True)) / s
            return dx, (dy * h).sum(axis=0)
        return h * gamma, layer_norm_vjp
    case = Case(layer_norm, "(n,d),(d)->(n,d)")
"""
FACTORY = """
    def power(p):
        def raised(x):
            def raised_vjp(dy):
                return (dy * x ** (p - 1),)
            return x**p, raised_vjp
        return raised
    case = Case(power(3), "(n)->(n)")
"""
SWISH = """
    import torch
    from gradcheck.adapters import from_torch
    class Swish(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, beta):
            s = torch.sigmoid(beta * x)
            ctx.save_for_backward(x, beta, s)
            return x * s
        @staticmethod
        def backward(ctx, dy):
            x, beta, s = ctx.saved_tensors
            dx = dy * (s + x * s * (1 - s) * beta)
            dbeta = dy * x * x * s * (1 - s)
            return dx, dbeta
    case = Case(from_torch(Swish), "(n),()->(n)")
"""
GRADIENT = """
    from gradcheck.adapters import from_value_and_grad
    def rosenbrock(x):
        return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))
    def slope(x):
        g = np.zeros_like(x)
        g[:-1] = -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
        g[1:] = 200 * (x[1:] - x[:-1] ** 2)
        return g
    case = Case(from_value_and_grad(rosenbrock, slope), "(n)->()")
"""


ENTRIES = """
    from gradcheck.adapters import from_value_and_grad
    def f(x):
        return (x[0] - 2) ** 2 * x[1] + np.exp(x[1]) * x[2] + np.sin(x[0] * x[2])
    def slope(x):
        g = np.zeros_like(x)
        g[0] = 2 * (x[0] - 2) * x[1] + np.cos(x[0] * x[2]) * x[2]
        g[1] = (x[0] - 2) + np.exp(x[1]) * x[2]
        g[2] = np.exp(x[1]) + np.cos(x[0] * x[2]) * x[2]
        return g
    case = Case(from_value_and_grad(f, slope), inputs=lambda rng: (rng.standard_normal(3),))
"""


NAMES = ("dz", "dx", "grads", "db")


def fixed(folder, monkeypatch, text, *arguments):
    monkeypatch.chdir(folder)
    (folder / "broken.py").write_text(textwrap.dedent(HEAD) + textwrap.dedent(text))
    result = CliRunner().invoke(main, ["fix", "broken.py", "--budget", "200", "--examples", "20", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (NORM, "return (g * x / np.where(n != 0, n, 1),)"),
        (LAYER_NORM, "* h, axis=1, keepdims=True)"),
        (FACTORY, "p"),
        (GRADIENT, "g[1:] += 200 * (x[1:] - x[:-1] ** 2)"),
        (ENTRIES, "np.cos(x[0] * x[2]) * x[0]"),
    ],
    ids=["a guard too", "a missing projection", "made by a factory", "overwritten", "two entries"],
)
def test_it_is_mended(tmp_path, monkeypatch, text, added):
    first = fixed(tmp_path, monkeypatch, text).split("\n2. ")[0]
    changed = [line[1:] for line in first.splitlines() if line.startswith("+ ")]
    assert any(added in line for line in changed), first


def test_two_edits_are_said_to_be_two(tmp_path, monkeypatch):
    assert "1. broken.py:8, two edits: correct at 60 examples" in fixed(tmp_path, monkeypatch, NORM)


def test_a_function_of_torch_is_mended(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    output = fixed(tmp_path, monkeypatch, SWISH)
    assert ".sum(" in output


def test_the_same_seed_gives_the_same_suggestions(tmp_path, monkeypatch):
    outputs = [fixed(tmp_path, monkeypatch, FACTORY).split(" edits tried")[0] for _ in range(2)]
    assert outputs[0] == outputs[1]


def test_lines_are_known_by_the_gradients_that_they_make(tmp_path, monkeypatch):
    (tmp_path / "flows.py").write_text(
        textwrap.dedent(HEAD)
        + textwrap.dedent("""
        def layer(x, w, b):
            def layer_vjp(dy):
                grads = {}
                dz = dy * 2
                dx = dz @ w.T
                grads["w"] = x.T @ dz
                db = dy.sum(axis=0)
                return dx, grads["w"], db
            return x @ w + b, layer_vjp
        case = Case(layer, "(n,i),(i,o),(o)->(n,o)")
        """)
    )
    monkeypatch.syspath_prepend(tmp_path)
    import flows  # type: ignore[import-not-found]

    backward = find_backward(flows.case)
    sources = {part.path: read_tree(part.path) for part in backward.parts}
    edits = probes(backward, sources)
    points = measure(flows.case, examples_for(flows.case, None, 0)[:1], 0)
    names = [leaf.name for leaf in points[0].arguments.leaves]
    with quiet():
        patchers = Patchers({path: source.text for path, source in sources.items()})
        found = influence_of(edits, list(tried(flows.case, points, edits, patchers)), {0, 1}, {0, 1, 2})
    assert names == ["x", "w", "b"]
    lines = (tmp_path / "flows.py").read_text().splitlines()
    numbers = {name: 1 + next(n for n, line in enumerate(lines) if f"{name} =" in line) for name in NAMES}
    assert {name: found.of(backward.path, number) for name, number in numbers.items()} == {
        "dz": 1.0,
        "dx": 0.5,
        "grads": 0.0,
        "db": -1.0,
    }
    sys.modules.pop("flows")
