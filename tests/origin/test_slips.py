"""The line of each slip is named, in every style; of what is right nothing is said."""

import numpy as np
import pytest

from gradcheck import Case, report_vjp
from gradcheck.origin import origin as origin_module
from gradcheck.origin import origin_of, origins_of

from . import right
from .slips import SLIPS, inputs_of, loaded

OPS = list(dict.fromkeys(slip.op for slip in SLIPS))


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_the_line_is_named(slip, tmp_path):
    op, inputs = getattr(loaded(slip.text, tmp_path / "mine.py"), slip.op), inputs_of(slip.op)
    origin = origin_of(Case(op, inputs=inputs), inputs)
    assert origin is not None
    assert slip.line in [line.line for line in origin.among], origin
    assert len(origin.among) == slip.among, origin
    assert origin.certain == slip.certain, origin
    assert origin.file == str(tmp_path / "mine.py")


@pytest.mark.parametrize("op", OPS)
def test_of_a_right_backward_nothing_is_said(op):
    inputs = inputs_of(op)
    case = Case(getattr(right, op), inputs=inputs)
    assert report_vjp(case.op, *inputs).verdict == "correct"
    assert origins_of(case, inputs) == ()


def test_every_finding_gets_the_place_and_the_first_line_points_at_it(tmp_path):
    slip = SLIPS[0]
    report = report_vjp(loaded(slip.text, tmp_path / "mine.py").closure, *inputs_of("closure"))
    assert len(report.errors) == 3
    for finding in report.errors:
        assert finding.made.where.line == slip.line < finding.where.line
        assert (finding.made.name, finding.made.certain) == ("dZ2", True)
        assert finding.made.factor == "`W1.T` multiplies by a matrix that stands nowhere between `A2` and `Z2`"
    head, made, *_ = str(report).splitlines()
    assert f"mine.py:{slip.line}, and 2 more" in head
    assert made.startswith("  made at ")
    assert "the gradients of `W1`, `W2` and `X` inherit it" in " ".join(str(report).split())
    assert report.to_dict()["findings"][0]["made"]["where"]["line"] == slip.line


def test_two_mistakes_are_told_apart(tmp_path):
    text = SLIPS[0].text.replace("dW1 = dZ1 @ X.T", "dW1 = dZ1 @ X.T * 2", 1)
    op, inputs = loaded(text, tmp_path / "mine.py").closure, inputs_of("closure")
    lines = [origin.line for origin in origins_of(Case(op, inputs=inputs), inputs)]
    assert lines == [SLIPS[0].line, text[: text.index("X.T * 2")].count("\n") + 1]


def test_the_place_of_a_gradient_in_its_own_line_is_not_said_twice(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # so that no long path breaks the line
    slip = SLIPS[3]
    text = str(report_vjp(loaded(slip.text, tmp_path / "mine.py").closure, *inputs_of("closure")))
    assert "with `A1` in the place of `A2` the line would be right" in text
    monkeypatch.setattr(origin_module, "edits_of", lambda *_: [])
    text = str(report_vjp(loaded(slip.text, tmp_path / "mine.py").closure, *inputs_of("closure")))
    assert f"mine.py:{slip.line}: dW2 = dZ2 @ A2.T" in text
    assert "made at" not in text


def test_a_line_that_raises_is_the_place_where_all_it_reads_is_right(tmp_path):
    op = loaded(SLIPS[1].text, tmp_path / "mine.py").closure
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(3, 2)), rng.normal(size=(4, 3)), rng.normal(size=(2, 5))
    origin = origin_of(Case(op, inputs=inputs), inputs)
    assert (origin.line, origin.name, origin.certain) == (SLIPS[1].line, "dA1", True)


def test_a_function_of_torch():
    torch = pytest.importorskip("torch")
    from gradcheck.adapters import from_torch

    class Layers(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, w, v):
            z = x @ w.T
            a = torch.tanh(z)
            ctx.save_for_backward(x, w, v, a)
            return a @ v.T

        @staticmethod
        def backward(ctx, dy):
            x, w, v, a = ctx.saved_tensors
            da = dy @ v
            dz = da * (1 - a)
            return dz @ w, dz.T @ x, dy.T @ a

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=(5, 2))
    origin = origin_of(Case(from_torch(Layers), inputs=inputs), inputs)
    assert (origin.code, origin.name, origin.certain) == ("dz = da * (1 - a)", "dz", True)
