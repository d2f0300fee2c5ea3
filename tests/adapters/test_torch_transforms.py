"""A batch by torch.func.vmap, and torch.compile by the name of a backend: what they give beside the function itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd import Function

from gradcheck import Case, UsageError, report_case, report_vjp
from gradcheck.adapters import from_torch

from .test_torch_custom import defined, right, scale

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])
W = np.array([[0.25, -0.5, 1.0]])


class Scaled(Function):
    """x * w for a row w, with a batching rule that PyTorch writes."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, w):
        return x * w

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        return dy * w, (dy * x).sum(dim=0, keepdim=True)


class ByHand(Scaled):
    """The same with a rule of its own."""

    generate_vmap_rule = False

    @staticmethod
    def vmap(info, in_dims, x, w):
        x = x if in_dims[0] is None else x.movedim(in_dims[0], 0)
        w = w if in_dims[1] is None else w.movedim(in_dims[1], 0)
        return Rows.apply(x.expand(info.batch_size, *x.shape[-2:]), w.expand(info.batch_size, *w.shape[-2:])), 0


class Rows(Scaled):
    """The batch of it."""

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        return dy * w, (dy * x).sum(dim=-2, keepdim=True)


class Forgetful(ByHand):
    """Takes the weight of the first example for all."""

    @staticmethod
    def vmap(info, in_dims, x, w):
        w = w if in_dims[1] is None else w.movedim(in_dims[1], 0)[0]
        x = x if in_dims[0] is None else x.movedim(in_dims[0], 0)
        return ByHand.vmap(info, (0 if in_dims[0] is not None else None, None), x, w)


class Expanded(ByHand):
    """Whose batch has a backward that divides by the batch."""

    @staticmethod
    def vmap(info, in_dims, x, w):
        y, axis = ByHand.vmap(info, in_dims, x, w)
        if in_dims[1] is None:
            y = y.detach() + (y - y.detach()) / info.batch_size
        return y, axis


def codes(report):
    return {finding.code for finding in report.errors}


@pytest.mark.parametrize("function", [Scaled, ByHand])
def test_rules_that_are_right(function):
    report = report_vjp(from_torch(function), X, W)
    assert report.verdict == "correct", str(report)
    case = Case(from_torch(function), "(m,n),(1,n)->(m,n)")
    assert report_case(case, examples=10).verdict == "correct"


@pytest.mark.parametrize(("function", "words"), [(Forgetful, "row 1 of a batch"), (Expanded, "that share `w`")])
def test_rules_that_are_wrong_are_named(function, words):
    report = report_vjp(from_torch(function), X, W)
    assert codes(report) == {"GC403"}, str(report)
    assert words in " ".join(str(report).split())


@pytest.mark.parametrize("seed", range(4))
def test_one_example_of_every_case_is_asked_for_a_batch(seed):
    case = Case(from_torch(Forgetful), "(m,n),(1,n)->(m,n)", borders={})
    assert codes(report_case(case, examples=1, seed=seed)) == {"GC403"}


def test_a_batch_of_a_function_without_a_rule_is_not_asked():
    class Bare(Scaled):
        generate_vmap_rule = False

    assert not hasattr(from_torch(Bare), "batched")
    assert report_vjp(from_torch(Bare), X, W).verdict == "correct"


def test_a_callable_that_cannot_be_batched_is_not_accused():
    def branches(x):
        return x * 2 if float(x.sum()) > 0 else x * 3

    op = from_torch(branches)
    with pytest.raises(NotImplementedError, match="does not batch"):
        op.batched((0,))(X)
    assert report_vjp(op, X).verdict == "correct"


def test_what_a_callable_holds_is_batched_too_and_is_a_hazard():
    """Whose rule it is cannot be told: PyTorch's own for an embedding forgets padding_idx."""
    report = report_vjp(from_torch(lambda x, w: Forgetful.apply(x, w).sin()), X, W)
    assert report.verdict == "correct"
    assert {finding.code for finding in report.findings} == {"GC403"}
    nested = from_torch(lambda parameters, x: x @ parameters["w"].T + parameters["b"])
    assert report_vjp(nested, {"w": X, "b": np.ones(2)}, W).verdict == "correct"
    picked = from_torch(lambda table, rows: table[rows])
    assert report_vjp(picked, X, np.array([0, 1, 1])).verdict == "correct"


def test_an_operator_with_a_registered_batch():
    def rule(by):
        def vmap(info, in_dims, x, w, factor=2.0):
            x = x if in_dims[0] is None else x.movedim(in_dims[0], 0)
            w = w if in_dims[1] is None else w.movedim(in_dims[1], 0)
            return x * w * factor * by, 0

        return vmap

    for by, expected in ((1.0, set()), (2.0, {"GC403"})):
        op = defined(scale, right)
        op.register_vmap(rule(by))
        made = from_torch(op)
        assert hasattr(made, "batched")
        assert codes(report_vjp(made, X, W)) == expected
    assert not hasattr(from_torch(defined(scale, right)), "batched")


class Frozen(Function):
    """Reads a number outside of its arguments, which a compiled form keeps as it was."""

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return x * w

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        factor = 2.0 if torch.compiler.is_compiling() else 1.0
        return dy * w * factor, dy * x


def test_compiled_equals_eager():
    op = from_torch(torch.nn.functional.silu, compile="eager")
    assert report_vjp(op, X).verdict == "correct"
    report = report_vjp(from_torch(Frozen, compile="aot_eager"), X, X + 1)
    assert codes(report) == {"GC404"}, str(report)
    assert "compiled, the gradient of `x`" in str(report)
    assert report_vjp(from_torch(Frozen), X, X + 1).verdict == "correct"


def test_compiled_with_one_array_in_two_places():
    def product(x, w):
        return x * w.detach() + w * x.detach() - (x * w).detach() if torch.compiler.is_compiling() and x is w else x * w

    def lost(x, w):
        return x * w.detach() if torch.compiler.is_compiling() and x is w else x * w

    assert report_vjp(from_torch(product, compile="eager"), X, X + 1).verdict == "correct"
    report = report_vjp(from_torch(lost, compile="eager"), X, X + 1)
    assert codes(report) == {"GC404"}, str(report)
    assert "with one array as `x` and `w`" in " ".join(str(report).split())


def test_a_module_is_compiled_with_its_parameters():
    module = torch.nn.Linear(3, 2).double()
    op = from_torch(module, compile="eager")
    assert report_vjp(op, X, *op.parameters.values()).verdict == "correct"


def test_an_unknown_backend_is_a_sentence():
    with pytest.raises(UsageError, match="compile is 'inductr'; it is a backend of torch"):
        from_torch(torch.sin, compile="inductr")


def test_opcheck_adds_its_rows():
    op = defined(scale, right)
    op.register_fake(lambda x, w, factor=2.0: torch.empty_like(x))
    report = report_vjp(from_torch(op, opcheck=True), X, W)
    assert report.verdict == "correct", str(report)
    assert any("test_schema, test_autograd_registration" in remark for remark in report.remarks)
    untrue = defined(scale, right)
    untrue.register_fake(lambda x, w, factor=2.0: x.new_empty(x.shape[::-1]))
    report = report_vjp(from_torch(untrue, opcheck=True), X, W)
    assert codes(report) == {"GC404"}
    assert "torch.library.opcheck, test_faketensor" in " ".join(str(report).split())
    assert report_vjp(from_torch(untrue), X, W).verdict == "correct"
    with pytest.raises(UsageError, match="opcheck=True is for an operator"):
        from_torch(torch.sin, opcheck=True)
