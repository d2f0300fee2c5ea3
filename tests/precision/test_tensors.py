"""Arrays of bfloat16 become tensors and come back without a bit lost, in any layout."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
ml_dtypes = pytest.importorskip("ml_dtypes")

from gradcheck.adapters import from_torch  # noqa: E402
from gradcheck.adapters.pytorch_tensors import as_array, as_tensor  # noqa: E402

EVERY = np.arange(2**16, dtype=np.uint16).view(ml_dtypes.bfloat16).reshape(256, 256)  # NaN, infinities, subnormals


def bits(array):
    return np.asarray(array).view(np.uint16)


@pytest.mark.parametrize(
    "view", [EVERY, EVERY.T, EVERY[::2, ::3], EVERY[:, ::-1], np.broadcast_to(EVERY[:1], (3, 256)), EVERY[3, 5]]
)
def test_every_bfloat16_comes_back(view):
    tensor = as_tensor(np.asarray(view))
    assert tensor.dtype == torch.bfloat16
    assert tuple(tensor.shape) == np.shape(view)
    np.testing.assert_array_equal(bits(as_array(tensor)), bits(view))


def test_memory_is_shared_both_ways():
    x = np.zeros(3, ml_dtypes.bfloat16)
    as_tensor(x)[1] = 2
    assert float(x[1]) == 2
    tensor = torch.zeros(3, dtype=torch.bfloat16)
    as_array(tensor)[2] = 4
    assert float(tensor[2]) == 4


def test_an_op_of_pytorch_answers_in_bfloat16():
    x = np.array([0.5, -1.0, 2.0], ml_dtypes.bfloat16)
    y, vjp = from_torch(torch.tanh)(x)
    (dx,) = vjp(np.ones_like(y))
    wanted = torch.tanh(torch.tensor([0.5, -1.0, 2.0], dtype=torch.bfloat16))
    assert y.dtype == dx.dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(y.astype(float), wanted.double().numpy())


def test_an_op_of_jax_answers_in_bfloat16():
    jnp = pytest.importorskip("jax.numpy")
    from gradcheck.adapters import from_jax

    x = np.array([0.5, -1.0, 2.0], ml_dtypes.bfloat16)
    y, vjp = from_jax(jnp.tanh)(x)
    (dx,) = vjp(np.ones_like(y))
    assert y.dtype == dx.dtype == ml_dtypes.bfloat16
