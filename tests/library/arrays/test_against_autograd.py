"""Any number of axes: array ops and their twins by autograd, at shapes that a signature cannot say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

import manual_bp

torch = pytest.importorskip("torch")
reference = pytest.importorskip("reference")

FEW = settings(max_examples=25, deadline=None, derandomize=True)
SHAPES = array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)


def same_as_autograd(name, *inputs, **options):
    """Value and gradients of an op, and those of its twin, at a random cotangent."""
    y, vjp = getattr(manual_bp, name)(*inputs, **options)
    tensors = [torch.from_numpy(x).requires_grad_(x.dtype.kind == "f") for x in inputs]
    expected = getattr(reference, name)(*tensors, **options)
    np.testing.assert_allclose(y, expected.detach().numpy(), rtol=1e-12, atol=1e-13)
    dy = np.random.default_rng(1).normal(size=np.shape(y))
    wanted = [tensor for tensor in tensors if tensor.requires_grad]
    gradients = [gradient for gradient in vjp(dy) if gradient is not None]
    for found, theirs in zip(gradients, torch.autograd.grad(expected, wanted, torch.tensor(dy)), strict=True):
        np.testing.assert_allclose(found, theirs.numpy(), rtol=1e-11, atol=1e-12)


def drawn(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("name", ["sum", "mean", "var", "norm", "logsumexp"])
@FEW
@given(shape=SHAPES, keepdim=st.booleans(), data=st.data())
def test_reductions_over_any_axes(name, shape, keepdim, data):
    axes = st.lists(st.integers(-len(shape), len(shape) - 1), min_size=1, unique_by=lambda axis: axis % len(shape))
    dim = data.draw(st.none() | axes.map(tuple))
    options = {"correction": 0.0} if name == "var" else {}  # of one entry nothing is left but 0 / 0
    same_as_autograd(name, drawn(shape), dim=dim, keepdim=keepdim, **options)


@pytest.mark.parametrize("name", ["max", "min", "prod", "cumsum", "log_softmax"])
@FEW
@given(shape=SHAPES, data=st.data())
def test_along_any_axis(name, shape, data):
    same_as_autograd(name, drawn(shape), dim=data.draw(st.integers(-len(shape), len(shape) - 1)))


@FEW
@given(shapes=mutually_broadcastable_shapes(signature="(m?,n),(n,p?)->(m?,p?)", max_dims=2, min_side=1, max_side=4))
def test_products_of_stacks(shapes):
    left, right = shapes.input_shapes
    same_as_autograd("matmul", drawn(left), drawn(right, 1))


@pytest.mark.parametrize("name", ["gather", "scatter_add"])
@FEW
@given(shape=SHAPES, data=st.data())
def test_indices_along_any_axis(name, shape, data):
    dim = data.draw(st.integers(0, len(shape) - 1))
    index_shape = tuple(data.draw(st.integers(0, size)) for size in shape)
    index = np.random.default_rng(0).integers(0, shape[dim], size=index_shape)
    more = [drawn(index_shape, 1)] if name == "scatter_add" else []
    same_as_autograd(name, drawn(shape), index, *more, dim=dim)


@FEW
@given(shape=SHAPES, data=st.data())
def test_borders_of_any_axes(shape, data):
    axes = data.draw(st.integers(1, len(shape)))
    pad = tuple(data.draw(st.integers(0, 3)) for _ in range(2 * axes))
    same_as_autograd("pad", drawn(shape), pad=pad, value=0.5)


@pytest.mark.parametrize(
    ("equation", "left", "right"),
    [
        ("...ij,jk...->...ik", (2, 3, 4), (4, 5, 2)),
        ("b...i,i->b...", (2, 1, 4), (4,)),
        ("...i,...i", (3, 1, 4), (5, 4)),
        ("ii,i->", (3, 3), (3,)),
        ("iij,kkj->ik", (3, 3, 2), (4, 4, 2)),
        ("ij,kl->jk", (2, 3), (4, 5)),
    ],
)
def test_equations(equation, left, right):
    same_as_autograd("einsum", drawn(left), drawn(right, 1), equation=equation)
