"""Operators of torch.library: the registered backward is heard before PyTorch's engine sums, casts or drops."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_torch

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])
W = np.array([[0.25, -0.5, 1.0]])
_NUMBERS = count()


def scale(x: Tensor, w: Tensor, factor: float = 2.0) -> Tensor:
    return x * w * factor


def keep(ctx, inputs, output):
    x, w, ctx.factor = inputs
    ctx.save_for_backward(x, w)


def right(ctx, dy):
    x, w = ctx.saved_tensors
    return dy * w * ctx.factor, (dy * x * ctx.factor).sum(0, keepdim=True), None


def defined(forward, backward, setup=keep, **options):
    """A fresh operator, since PyTorch keeps each under its name."""
    op = torch.library.custom_op(f"gradcheck_tests::op{next(_NUMBERS)}", forward, mutates_args=(), **options)
    if backward is not None:
        op.register_autograd(backward, setup_context=setup)
    return op


def packet(op):
    return getattr(torch.ops.gradcheck_tests, op._qualname.partition("::")[2])


def codes(report):
    return {finding.code for finding in report.errors}


@pytest.mark.parametrize("handle", [lambda op: op, packet, lambda op: packet(op).default])
def test_every_name_of_an_operator_is_judged_by_its_raw_gradients(handle):
    op = from_torch(handle(defined(scale, right)))
    report = report_vjp(op, X, W)
    assert report.verdict == "correct"
    assert report.arguments == ("x", "w")
    assert report_vjp(op, X, W, options={"factor": 3.0}).verdict == "correct"
    wrong = from_torch(handle(defined(scale, lambda ctx, dy: (right(ctx, dy)[0], dy * ctx.saved_tensors[0], None))))
    assert codes(report_vjp(wrong, X, W)) == {"GC105"}


@pytest.mark.parametrize(
    ("backward", "code", "words"),
    [
        (lambda ctx, dy: (right(ctx, dy)[0], None, None), "GC104", "the gradient of `w` is None"),
        (lambda ctx, dy: (right(ctx, dy)[0].float(), *right(ctx, dy)[1:]), "GC106", "float32"),
        (lambda ctx, dy: right(ctx, dy)[:2], "GC101", "an option gets None"),
        (lambda ctx, dy: (*right(ctx, dy)[:2], dy), "GC101", "which is a float and gets None"),
        (lambda ctx, dy: (2.0, *right(ctx, dy)[1:]), "GC101", "a float as gradient number 0"),
        (lambda ctx, dy: (2 * right(ctx, dy)[0], *right(ctx, dy)[1:]), "GC301", "ratio 2"),
    ],
)
def test_what_the_engine_would_hide_or_refuse_is_named(backward, code, words):
    report = report_vjp(from_torch(defined(scale, backward)), X, W, options={"factor": 3.0})
    assert codes(report) == {code}, str(report)
    assert words in " ".join(str(report).split())


def test_the_engine_does_hide_it():
    """The same backward, asked through PyTorch: summed and cast to the right numbers, without a word."""

    def unsummed(ctx, dy):
        dx, _, _ = right(ctx, dy)
        return dx, dy * ctx.saved_tensors[0] * ctx.factor, None

    x, w = (torch.from_numpy(array.copy()).requires_grad_() for array in (X, W))
    wanted = torch.autograd.grad(defined(scale, right)(x, w).sum(), (x, w))
    hidden = torch.autograd.grad(defined(scale, unsummed)(x, w).sum(), (x, w))
    assert all(torch.equal(a, b) for a, b in zip(wanted, hidden, strict=True))


@pytest.mark.explained
def test_the_users_line_is_pointed_at():
    def doubled(ctx, dy):
        dx, dw, none = right(ctx, dy)
        return 2 * dx, dw, none

    report = report_vjp(from_torch(defined(scale, doubled)), X, W)
    assert "2 * dx" in str(report)


@pytest.mark.explained
def test_lists_of_tensors_are_nested_inputs_and_outputs():
    def weighted(xs: list[Tensor], w: Tensor) -> list[Tensor]:
        return [x * w for x in xs]

    def setup(ctx, inputs, output):
        xs, w = inputs
        ctx.save_for_backward(w, *xs)

    def backward(ctx, dys):
        w, *xs = ctx.saved_tensors
        return [d * w for d in dys], sum(d * x for d, x in zip(dys, xs, strict=True))

    def forgetful(ctx, dys):
        return [backward(ctx, dys)[0][0], None], backward(ctx, dys)[1]

    op = from_torch(defined(weighted, backward, setup))
    report = report_vjp(op, [X, 2 * X], X[::-1])
    assert report.verdict == "correct", str(report)
    assert report.arguments == ("xs[0]", "xs[1]", "w")
    assert codes(report_vjp(from_torch(defined(weighted, forgetful, setup)), [X, 2 * X], X[::-1])) == {"GC104"}
    listed = lambda ctx, dys: (backward(ctx, dys)[0][0], backward(ctx, dys)[1])  # noqa: E731
    assert report_vjp(from_torch(defined(weighted, listed, setup)), [X, 2 * X], X[::-1]).verdict == "wrong"


def test_the_list_of_one_argument_may_be_the_whole_answer():
    def total(xs: list[Tensor]) -> Tensor:
        return xs[0] * xs[1]

    def setup(ctx, inputs, output):
        ctx.save_for_backward(*inputs[0])

    op = defined(total, lambda ctx, dy: [dy * ctx.saved_tensors[1], dy * ctx.saved_tensors[0]], setup)
    assert report_vjp(from_torch(op), [X, 2 * X]).verdict == "correct"


def test_keyword_only_arguments_are_options():
    def shifted(x: Tensor, *, power: int = 2, shift: float) -> Tensor:
        return x**power + shift

    def setup(ctx, inputs, keyword_only_inputs, output):
        ctx.power = keyword_only_inputs["power"]
        ctx.save_for_backward(inputs[0])

    def backward(ctx, dy):
        return dy * ctx.power * ctx.saved_tensors[0] ** (ctx.power - 1)

    op = from_torch(defined(shifted, backward, setup))
    assert report_vjp(op, X, options={"power": 3, "shift": 0.5}).verdict == "correct"
    assert report_case(Case(op, "(n)->(n)", options={"shift": 0.5}), examples=5).verdict == "correct"


def test_needs_input_grad_is_true_of_what_is_wanted():
    def frugal(ctx, dy):
        dx, dw, _ = right(ctx, dy)
        return (dx if ctx.needs_input_grad[0] else None), (dw if ctx.needs_input_grad[1] else None), None

    def mistaken(ctx, dy):
        dx, dw, _ = right(ctx, dy)
        return (dx if ctx.needs_input_grad[0] else None), (dw if ctx.needs_input_grad[0] else None), None

    assert report_vjp(from_torch(defined(scale, frugal)), X, W).verdict == "correct"
    assert codes(report_vjp(from_torch(defined(scale, mistaken)), X, W)) == {"GC208"}


@pytest.mark.explained
def test_operators_made_with_a_library():
    library = torch.library.Library("gradcheck_tests_lib", "DEF")
    library.define("cube(Tensor x) -> Tensor")
    library.impl("cube", lambda x: x**3, "CompositeExplicitAutograd")
    library.define("bare(Tensor x) -> Tensor")
    library.impl("bare", lambda x: torch.from_numpy(x.detach().numpy() ** 3), "CPU")
    library.define("made(Tensor x) -> Tensor")
    library.impl("made", lambda x: x**3, "CompositeImplicitAutograd")
    torch.library.register_autograd(
        "gradcheck_tests_lib::cube",
        lambda ctx, dy: 2 * ctx.saved_tensors[0] ** 2 * dy,
        setup_context=lambda ctx, inputs, output: ctx.save_for_backward(*inputs),
    )
    ops = torch.ops.gradcheck_tests_lib
    report = report_vjp(from_torch(ops.cube), X)
    assert codes(report) == {"GC301"}
    assert "ratio 0.666667" in str(report)
    with pytest.raises(ConventionError, match="`gradcheck_tests_lib::bare` has no backward: register one"):
        report_vjp(from_torch(ops.bare), X)
    assert report_vjp(from_torch(ops.made.default), X).verdict == "correct"
    assert report_vjp(from_torch(torch.ops.aten.sin), X).verdict == "correct"


def test_bad_operators_are_a_sentence():
    with pytest.raises(ConventionError, match=r"has no backward: register one, torch\.library\.register_autograd"):
        report_vjp(from_torch(defined(scale, None)), X, W)

    def written(x: Tensor) -> None:
        x.mul_(2)

    op = torch.library.custom_op(f"gradcheck_tests::op{next(_NUMBERS)}", written, mutates_args=("x",))
    with pytest.raises(UsageError, match="writes into its argument `x`"):
        from_torch(op)
    with pytest.raises(UsageError, match="takes no option `shift`"):
        Case(from_torch(defined(scale, right)), "(n),(n)->(n)", options={"shift": 1.0})


def test_second_derivatives_of_a_registered_backward():
    op = from_torch(defined(scale, right))
    assert any("second derivatives were not asked for" in remark for remark in report_vjp(op, X, W).remarks)
    assert report_case(Case(op, inputs=(X, W), order=2)).verdict == "correct"
    with pytest.raises(UsageError, match="marked once_differentiable"):
        Case(from_torch(defined(scale, once_differentiable(right))), inputs=(X, W), order=2)


def test_the_operator_is_left_as_it_was():
    op = defined(scale, right)
    report_vjp(from_torch(op), X, W)
    assert op._backward_fn is right
    x = torch.from_numpy(X.copy()).requires_grad_()
    (dx,) = torch.autograd.grad(op(x, torch.from_numpy(W.copy())).sum(), x)
    np.testing.assert_allclose(dx.numpy(), np.broadcast_to(2 * W, X.shape))
