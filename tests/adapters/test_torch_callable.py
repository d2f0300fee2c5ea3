"""Callables on tensors and modules: what they give, and what they leave as it was."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.checkpoint import checkpoint

from gradcheck import Case, ConventionError, InputError, report_case, report_vjp
from gradcheck.adapters import from_torch

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])


def codes(report):
    return {finding.code for finding in report.findings}


def affine(parameters, x):
    return x @ parameters["weight"].T + parameters["bias"]


PARAMETERS = {"weight": np.linspace(-1, 1, 12).reshape(4, 3), "bias": np.linspace(0, 1, 4)}


def test_nested_inputs_and_outputs():
    y, vjp = from_torch(affine)(PARAMETERS, X)
    gradient, _dx = vjp(np.ones_like(y))
    assert {name: g.shape for name, g in gradient.items()} == {"weight": (4, 3), "bias": (4,)}
    assert report_vjp(from_torch(affine), PARAMETERS, X).verdict == "correct"
    y, _ = from_torch(lambda x: {"a": x * 2, "b": (x.sum(), None, x.argmax())})(X)
    assert [part.shape for part in y] == [X.shape, ()]


def test_parameters_of_a_module_as_an_input():
    module = torch.nn.Linear(3, 4).double()
    parameters = {name: p.detach().numpy().copy() for name, p in module.named_parameters()}
    op = from_torch(lambda parameters, x: torch.func.functional_call(module, parameters, (x,)))
    report = report_vjp(op, parameters, X)
    assert report.verdict == "correct"
    assert set(report.arguments) == {"parameters['weight']", "parameters['bias']", "x"}


def test_parameters_of_a_module_are_inputs_behind_those_of_its_forward():
    module = torch.nn.Linear(3, 4).double()
    op = from_torch(module)
    report = report_vjp(op, X, *PARAMETERS.values())
    assert (report.verdict, report.arguments) == ("correct", ("input", "weight", "bias"))
    assert report_case(Case(op, "(n,i),(o,i),(o)->(n,o)"), examples=10).verdict == "correct"
    np.testing.assert_array_equal(op.parameters["weight"], module.weight.detach().numpy())


def test_parameters_may_be_one_dict_by_name():
    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.BatchNorm1d(4)).double()
    op = from_torch(module)
    x = np.concatenate([X, X[::-1] * 2 + 1])
    report = report_vjp(op, x, op.parameters)
    assert report.verdict == "correct"
    assert len(report.arguments) == 5
    assert report.arguments[:2] == ("input", "parameters['0.bias']")
    some = report_vjp(op, x, {"0.bias": op.parameters["0.bias"]})
    assert len(some.arguments) == 2
    flat = report_vjp(op, x, *op.parameters.values())
    assert flat.arguments == ("input", "_0_weight", "_0_bias", "_2_weight", "_2_bias")


def test_a_wrong_gradient_of_a_parameter_is_found_where_it_is_an_input():
    class Halved(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, w):
            ctx.save_for_backward(x, w)
            return x @ w.T

        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            return dy @ w, 0.5 * dy.T @ x

    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.linspace(-1, 1, 6).double().reshape(2, 3))
            self.frozen = torch.nn.Parameter(torch.ones(2).double(), requires_grad=False)

        def forward(self, x, scale=1.0):
            return Halved.apply(x, self.weight) * scale + self.frozen

    op = from_torch(Layer())
    still = report_vjp(op, X, options={"scale": 2.0})
    assert still.verdict == "correct"
    assert any("parameters of `Layer` were held still: `weight` are judged" in remark for remark in still.remarks)
    moved = report_vjp(op, X, *op.parameters.values(), options={"scale": 2.0})
    assert {finding.argument for finding in moved.errors} == {"weight"}
    assert not any("held still" in remark for remark in moved.remarks)
    with pytest.raises(ConventionError, match="given 2 inputs: its forward takes 1"):
        report_vjp(from_torch(torch.nn.Linear(3, 4).double()), X, X)


def test_a_module_is_left_as_it_was():
    module = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.BatchNorm1d(3), torch.nn.Dropout(0.5)).double()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    op = from_torch(module)
    op(X)[1](np.ones_like(X))
    op.forward(X)
    op.jvp((X,), (X,))
    op.second(X, X)[1](X)
    assert all(torch.equal(before[name], tensor) for name, tensor in module.state_dict().items())
    assert all(parameter.grad is None for parameter in module.parameters())
    assert op.__name__ == "Sequential"


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, dy):
        return 3 * ctx.saved_tensors[0] ** 2 * dy


def test_random_state_grad_mode_and_dtype_are_left_as_they_were():
    torch.manual_seed(0)  # what is dropped is drawn from the state that is found
    state, mode, dtype = torch.get_rng_state(), torch.is_grad_enabled(), torch.get_default_dtype()
    op = from_torch(lambda x: torch.nn.functional.dropout(x, 0.5))
    with torch.no_grad():
        report = report_vjp(op, X)
        assert not torch.is_grad_enabled()
    assert report.verdict == "correct"
    assert "GC206" not in codes(report)
    assert torch.equal(state, torch.get_rng_state())
    assert (mode, dtype) == (torch.is_grad_enabled(), torch.get_default_dtype())
    with torch.inference_mode():
        assert report_vjp(from_torch(torch.sin), X).verdict == "correct"
        assert report_case(Case(from_torch(Cube), inputs=(X,), order=2)).verdict == "correct"


def test_layouts_reach_the_function():
    strides = {}

    def record(x):
        strides["x"] = x.stride()
        return x * 1

    op = from_torch(record)
    for array in (np.asfortranarray(X), X[:, ::2], np.broadcast_to(X[:1], (5, 3)), X.T):
        op(array)
        assert strides["x"] == tuple(s // 8 for s in array.strides)
    op(X[::-1])
    assert strides["x"] == (3, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frozen = X.copy()
        frozen.flags.writeable = False
        assert op(frozen)[0].shape == X.shape


def test_a_cotangent_with_stride_zero_stays_expanded():
    seen = {}

    class Watched(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, dy):
            seen["dy"] = dy.stride()
            return dy * 1

    _, vjp = from_torch(Watched)(X)
    vjp(np.broadcast_to(1.0, X.shape))
    assert seen["dy"] == (0, 0)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (3,)])
def test_dtypes_and_shapes_come_back(dtype, shape):
    x = np.ones(shape, dtype)
    y, vjp = from_torch(lambda x: x * 2)(x)
    (dx,) = vjp(np.ones_like(y))
    assert (y.shape, y.dtype, dx.shape, dx.dtype) == (shape, dtype, shape, dtype)


def test_complex_gradients_are_in_our_convention():
    z = X + 1j * X[::-1]
    assert report_vjp(from_torch(lambda z: z * z.conj() * z), z).verdict == "correct"
    assert report_case(Case(from_torch(lambda z: z * z.conj() * z), inputs=(z,), order=2)).verdict == "correct"


def test_an_unused_input_has_a_gradient_of_zero():
    _, vjp = from_torch(lambda x, w: x.sin())(X, X)
    dx, dw = vjp(np.ones_like(X))
    assert not dw.any()
    assert dx.any()


def test_a_graph_that_is_cut_is_wrong():
    assert report_vjp(from_torch(lambda x: x.detach() * x), X).verdict == "wrong"
    assert report_vjp(from_torch(lambda x: x.detach() ** 2), X).verdict == "wrong"


def test_every_offer_is_kept():
    op = from_torch(torch.matmul)
    y = op.forward(X, X.T)
    np.testing.assert_allclose(y, X @ X.T)
    _, vjp = op.wanting((True, False))(X, X.T)
    dx, dw = vjp(np.ones_like(y))
    assert dw is None
    np.testing.assert_allclose(dx, np.ones((2, 2)) @ X)
    _, dy = op.jvp((X, X.T), (X, None))
    np.testing.assert_allclose(dy, X @ X.T)
    assert report_case(Case(op, "(n,k),(k,m)->(n,m)", order=2), examples=10).verdict == "correct"


def test_a_function_without_forward_mode_is_not_judged_by_it():
    def sampled(x):
        return torch.nn.functional.grid_sample(x[None, None], x.new_full((1, 2, 2, 2), 0.25), align_corners=True)

    with pytest.raises(NotImplementedError):
        from_torch(sampled).jvp((X,), (X,))
    assert report_vjp(from_torch(sampled), X).verdict != "wrong"

    def nested(x):
        return torch.func.jvp(torch.sin, (x,), (x,))[1]

    with pytest.raises(NotImplementedError, match="Nested forward mode"):
        from_torch(nested).jvp((X,), (X,))
    assert report_vjp(from_torch(nested), X).verdict == "correct"


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: 3.0, "returned a float for tensors"),
        (lambda x: x.argmax(), "no tensor of floats"),
        (lambda x: x.to(torch.float8_e4m3fn), "torch.float8_e4m3fn, which NumPy does not have"),
        (lambda x: x.to("meta"), "on the device meta"),
        (lambda x: x.mul_(2), "in place"),
        (lambda x: checkpoint(torch.tanh, x, use_reentrant=True), "use_reentrant=False"),
    ],
)
def test_what_cannot_be_judged_is_a_sentence(function, words):
    with pytest.raises(ConventionError, match=words):
        report_vjp(from_torch(function), X)


def test_other_bad_input_is_a_sentence():
    with pytest.raises(InputError, match="takes NumPy arrays, not tensors"):
        from_torch(torch.sin)(torch.ones(2))
    with pytest.raises(ConventionError, match="from_torch needs a Function subclass or a callable"):
        from_torch(3)


def test_checkpointing_is_right_only_where_it_keeps_the_random_state():
    def checkpointed(x, keep):
        return checkpoint(
            lambda x: torch.nn.functional.dropout(x.sin(), 0.5), x, use_reentrant=False, preserve_rng_state=keep
        )

    for keep, verdict in ((True, "correct"), (False, "wrong")):
        case = Case(from_torch(lambda x, keep=keep: checkpointed(x, keep)), "(n,d)->(n,d)")
        assert report_case(case, examples=20).verdict == verdict


@pytest.mark.explained
def test_a_report_on_a_function_of_torch_points_into_its_own_file():
    """The adapter holds torch's generator still: that runs too, and made nothing."""
    report = report_case(Case(from_torch(torch.nn.functional.hardsigmoid), "(n)->(n)"), examples=5)
    where = report.errors[0].where
    assert where is not None
    assert Path(where.path).parts[-3:] == ("torch", "nn", "functional.py")


class Times:
    """A twin that says it is every other, or has no hash, as objects of a user may."""

    def __init__(self, factor, equal):
        self.factor, self.equal = factor, equal

    def __call__(self, x):
        return self.factor * x

    def __eq__(self, other):
        return self.equal

    def __hash__(self):
        if not self.equal:
            raise TypeError("no hash")
        return 0


@pytest.mark.parametrize("equal", [True, False])
def test_the_twin_of_each_case_is_its_own(equal):
    def op(x):
        return 2 * x, lambda dy: (2 * dy,)

    for factor, verdict in ((2, "correct"), (3, "wrong"), (2, "correct")):
        assert report_case(Case(op, "(n)->(n)", reference=Times(factor, equal)), examples=3).verdict == verdict
