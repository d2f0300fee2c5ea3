"""NumPy arrays as tensors and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import optree
import torch

from gradcheck.errors import InputError
from gradcheck.protocol.dtypes import BFLOAT16, as_dtype, is_bfloat16

Array = npt.NDArray[Any]


def flatten(tree: Any) -> tuple[list[Any], Any]:
    """The leaves of nested containers, and what puts them together again; None counts as a leaf."""
    return optree.tree_flatten(tree, none_is_leaf=True)


def as_tensor(value: Any) -> torch.Tensor:
    """A tensor on the memory of an array, with its strides; on a copy where PyTorch cannot have that memory.

    So it is for read-only arrays and negative strides. An axis that is broadcast stays broadcast.
    """
    if isinstance(value, torch.Tensor):
        raise InputError("an op made by from_torch takes NumPy arrays, not tensors: pass x.detach().numpy()")
    if not isinstance(value, np.ndarray | np.generic | float | int | complex):
        raise InputError(f"an input of a PyTorch function is a {type(value).__name__}: pass a NumPy array")
    array = np.asarray(value)
    if is_bfloat16(array.dtype):  # NumPy and PyTorch know the same memory as whole numbers
        return as_tensor(array.view(np.int16)).view(torch.bfloat16)
    try:
        whole = array.size == 0 or all(s >= 0 and s % array.itemsize == 0 for s in array.strides)
        return torch.from_numpy(array) if whole and array.flags.writeable else _on_a_copy(array)
    except TypeError:
        raise InputError(f"PyTorch has no tensors of dtype {array.dtype}, which one input has") from None


def copied(array: Array) -> Array:
    """A copy with the same layout: axes in the same order in memory, broadcast ones still broadcast."""
    core = np.array(_core(array), copy=True, order="K")
    return core if core.shape == array.shape else np.broadcast_to(core, array.shape)


def differentiable(value: Any) -> bool:
    """Whether a gradient exists: for tensors of floats and of complex numbers."""
    return isinstance(value, torch.Tensor) and (value.is_floating_point() or value.is_complex())


def as_array(tensor: torch.Tensor) -> Array:
    """The tensor's own memory as an array; TypeError with a sentence where NumPy cannot have it."""
    why = unreadable(tensor)
    if why:
        raise TypeError(f"a tensor {why}")
    dense = tensor.detach().to_dense() if tensor.layout != torch.strided else tensor.detach()
    plain = dense.resolve_conj().resolve_neg()
    if plain.dtype == torch.bfloat16:
        return np.asarray(plain.view(torch.int16).numpy()).view(as_dtype(BFLOAT16))
    array: Array = plain.numpy()
    return array


def _on_a_copy(array: Array) -> torch.Tensor:
    tensor = torch.from_numpy(np.array(_core(array), copy=True, order="K"))
    return tensor if tensor.shape == array.shape else tensor.expand(array.shape)


def _core(array: Array) -> Array:
    """What an array holds once: axes that are broadcast, one entry long."""
    return array[tuple(slice(0, 1) if stride == 0 else slice(None) for stride in array.strides)]


def unreadable(tensor: torch.Tensor) -> str | None:
    """Why NumPy cannot hold a tensor, and what to do."""
    if tensor.device.type != "cpu":
        return (
            f"on the device {tensor.device}, which from_torch was not told of: say from_torch(..., device=...), or "
            "bring it to the CPU with .cpu()"
        )
    if tensor.dtype in (torch.float8_e4m3fn, torch.float8_e5m2):
        return f"of dtype {tensor.dtype}, which NumPy does not have: convert it with .float()"
    return None


def in_words(dtype: torch.dtype) -> str:
    """The name of a dtype as NumPy writes it, ``bfloat16``."""
    return str(dtype).removeprefix("torch.")
