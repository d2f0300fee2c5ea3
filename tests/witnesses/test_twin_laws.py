"""The laws about a twin: a wrong forward, a wrong backward, and a wrong twin are told apart."""

import numpy as np
import pytest
import torch

import manual_bp
import reference
from gradcheck import Case, ConventionError, report_case, report_vjp
from gradcheck.adapters import from_pair, from_torch
from gradcheck.laws import LAWS
from gradcheck.point import judge_point

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([0.5, -1.0, 2.0])


def sine(x, factor=1.0, value=1.0):
    def sine_vjp(dy):
        return (factor * np.cos(x) * dy,)

    return value * np.sin(x), sine_vjp


def codes(report):
    return {finding.code: finding.severity for finding in report.findings}


def test_a_right_twin_of_a_right_op_passes():
    report = report_vjp(sine, X, reference=torch.sin)
    assert report.verdict == "correct"
    assert not report.findings
    assert report.witness


def test_a_forward_that_is_another_function_is_wrong():
    def op(x):
        return sine(x, 1.001, 1.001)

    report = report_vjp(op, X, reference=torch.sin)
    assert codes(report) == {"GC302": "error"}
    others = [law for law in LAWS if law.code != "GC302"]
    assert judge_point(Case(op, inputs=(X,), reference=torch.sin), (X,), laws=others).verdict == "correct"


def test_a_wrong_backward_is_odd_one_out():
    report = report_vjp(lambda x: sine(x, 2.0), X, reference=torch.sin)
    assert codes(report) == {"GC301": "error", "GC303": "error"}
    text = " ".join(str(report).split())
    assert "finite differences side with the twin" in text
    assert "the twin gives" in text


def test_the_twin_alone_finds_a_wrong_gradient_too():
    def op(x):
        return sine(x, 2.0)

    case = Case(op, inputs=(X,), reference=torch.sin)
    report = judge_point(case, (X,), laws=[law for law in LAWS if law.code in ("GC303",)])
    assert codes(report) == {"GC303": "error"}
    without = judge_point(case, (X,), laws=[law for law in LAWS if law.code not in ("GC301", "GC303")])
    assert "GC303" not in codes(without)


class DetachedSine(torch.autograd.Function):
    """A twin whose own backward is wrong by a factor of 3."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sin()

    @staticmethod
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        return 3 * dy * x.cos()


def test_a_wrong_twin_is_not_blamed_on_the_backward():
    report = report_vjp(sine, X, reference=DetachedSine.apply)
    assert report.verdict == "correct"
    assert codes(report) == {"GC303": "hazard"}
    assert "the twin is the odd one out" in " ".join(str(report).split())


def test_a_twin_that_cuts_the_graph_is_the_odd_one_out():
    report = report_vjp(sine, X, reference=lambda x: x.detach().sin())
    assert report.verdict == "correct"
    assert codes(report) == {"GC303": "hazard"}


def test_a_twin_of_another_shape_is_named():
    report = report_vjp(sine, X, reference=lambda x: x.sin()[None])
    assert codes(report) == {"GC302": "error"}
    assert "(1, 3)" in str(report)


def test_two_valid_subgradients_are_no_disagreement():
    def relu(x):
        def relu_vjp(dy):
            return (dy * (x >= 0),)

        return np.maximum(x, 0), relu_vjp

    report = report_vjp(relu, np.array([0.0, 1.0, -1.0]), reference=torch.relu)
    assert report.verdict == "correct", str(report)


def test_a_twin_that_raises_is_a_sentence():
    def broken(x):
        raise RuntimeError("no kernel")

    with pytest.raises(ConventionError, match="no kernel"):
        report_vjp(sine, X, reference=broken)


def test_a_twin_that_returns_no_tensor_is_a_sentence():
    with pytest.raises(ConventionError, match="takes tensors and returns a tensor"):
        report_vjp(sine, X, reference=lambda x: (x, lambda dy: dy))


def test_a_twin_may_be_an_op_of_an_adapter():
    numpy_twin = from_pair(lambda x: (np.sin(x), x), lambda x, dy: (np.cos(x) * dy,))
    assert report_vjp(sine, X, reference=numpy_twin).verdict == "correct"
    assert report_vjp(lambda x: sine(x, 2.0), X, reference=numpy_twin).verdict == "wrong"


def test_torch_functions_are_ops_too():
    assert report_vjp(from_torch(torch.tanh), X).verdict == "correct"
    assert report_vjp(from_torch(DetachedSine), X).verdict == "wrong"
    report = report_case(Case(from_torch(torch.matmul), "(n,k),(k,m)->(n,m)"), examples=30)
    assert report.verdict == "correct"


def test_options_reach_the_twin():
    def softmax(x, *, dim):
        e = np.exp(x - x.max(axis=dim, keepdims=True))
        s = e / e.sum(axis=dim, keepdims=True)

        def softmax_vjp(dy):
            return (s * (dy - (dy * s).sum(axis=dim, keepdims=True)),)

        return s, softmax_vjp

    case = Case(softmax, "(n,c)->(n,c)", reference=torch.softmax, options={"dim": [0, 1]})
    assert report_case(case, examples=20).verdict == "correct"


@pytest.mark.parametrize("seed", range(40))
def test_a_cost_that_is_small_because_large_terms_cancel_is_not_told_from_its_twin(seed):
    """log(exp(-6.68) + exp(3.28)) - 3.28 in float32: right to the last bit of 3.28, which is 1 % of the cost."""
    logits, labels = np.array([[-6.68, 3.28]], dtype=np.float32), np.array([1])
    report = report_vjp(manual_bp.cross_entropy, logits, labels, reference=reference.cross_entropy, seed=seed)
    assert "GC302" not in {finding.code for finding in report.findings}
