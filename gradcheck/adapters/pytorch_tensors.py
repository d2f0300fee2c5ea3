"""NumPy arrays as tensors and back, and the state of PyTorch in which a function is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import optree
import torch

from gradcheck.errors import ConventionError, InputError
from gradcheck.protocol.dtypes import BFLOAT16, as_dtype, is_bfloat16

Array = npt.NDArray[Any]


@contextmanager
def apart(*, grad: bool, state: torch.Tensor | None = None) -> Iterator[None]:
    """Call the user's code with gradients on or off, wherever the caller is, and leave no trace of the call.

    PyTorch's random state is put back afterwards, so that every forward sees the same numbers: a dropout mask is the
    same in each of the forwards that are differenced, and for whoever comes after. A backward begins with the ``state``
    that its forward left, as it does in PyTorch, so that a mask which is drawn again there is another one.
    NumPy's global generator and that of ``random`` are not PyTorch's, and are left alone.
    """
    with torch.random.fork_rng(devices=[]), torch.inference_mode(False), torch.set_grad_enabled(grad):
        if state is not None:
            torch.set_rng_state(state)
        yield


def with_the_same_draws(
    call: Callable[[Sequence[Any]], Any], leaves: Sequence[Any], again: Callable[[], Sequence[Any]]
) -> Any:
    """Call with these leaves; where random numbers were drawn for tensors that are not in C order, again in C order.

    PyTorch draws in the order of memory, so that the same numbers fall on other entries: a dropout mask would seem to
    depend on the layout of the input. The second call begins with the random state that the first one found, and gets
    copies of the leaves that ``again`` gives.
    """
    state = torch.get_rng_state()
    result = call(leaves)
    odd = any(isinstance(leaf, torch.Tensor) and not leaf.is_contiguous() for leaf in leaves)
    if not odd or torch.equal(state, torch.get_rng_state()):
        return result
    torch.set_rng_state(state)
    return call([_in_c_order(leaf) if isinstance(leaf, torch.Tensor) else leaf for leaf in again()])


def _in_c_order(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.clone(memory_format=torch.contiguous_format)


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


def with_tensors(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of which each array is a tensor, and each tensor a copy; none is differentiated."""
    return {name: _constant(value) for name, value in options.items()}


def _constant(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    return as_tensor(value) if isinstance(value, np.ndarray) else value


def differentiable(value: Any) -> bool:
    """Whether a gradient exists: for tensors of floats and of complex numbers."""
    return isinstance(value, torch.Tensor) and (value.is_floating_point() or value.is_complex())


def as_array(tensor: torch.Tensor) -> Array:
    """The tensor's own memory as an array; TypeError with a sentence where NumPy cannot have it."""
    why = _unreadable(tensor)
    if why:
        raise TypeError(f"a tensor {why}")
    dense = tensor.detach().to_dense() if tensor.layout != torch.strided else tensor.detach()
    plain = dense.resolve_conj().resolve_neg()
    if plain.dtype == torch.bfloat16:
        return np.asarray(plain.view(torch.int16).numpy()).view(as_dtype(BFLOAT16))
    array: Array = plain.numpy()
    return array


def pack_outputs(name: str, tensors: Sequence[torch.Tensor]) -> Any:
    """``y``: an array for one output, a tuple for several."""
    for tensor in tensors:
        why = _unreadable(tensor)
        if why:
            raise ConventionError(f"`{name}` returned a tensor {why}")
    arrays = tuple(as_array(tensor) for tensor in tensors)
    return arrays[0] if len(arrays) == 1 else arrays


def read_cotangents(dy: Any, outputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """One tensor per output, with the strides that the cotangents have."""
    given = (dy,) if len(outputs) == 1 and not isinstance(dy, tuple) else dy
    if len(given) != len(outputs):
        raise ValueError(f"the vjp was given {len(given)} cotangents for {len(outputs)} outputs")
    tensors = [as_tensor(d) for d in given]
    return [d if d.dtype == y.dtype else d.to(y.dtype) for d, y in zip(tensors, outputs, strict=True)]


def _on_a_copy(array: Array) -> torch.Tensor:
    tensor = torch.from_numpy(np.array(_core(array), copy=True, order="K"))
    return tensor if tensor.shape == array.shape else tensor.expand(array.shape)


def _core(array: Array) -> Array:
    """What an array holds once: axes that are broadcast, one entry long."""
    return array[tuple(slice(0, 1) if stride == 0 else slice(None) for stride in array.strides)]


def _unreadable(tensor: torch.Tensor) -> str | None:
    """Why NumPy cannot hold a tensor, and what to do."""
    if tensor.device.type != "cpu":
        return f"on the device {tensor.device}; gradcheck judges on the CPU: bring it there with .cpu()"
    if tensor.dtype in (torch.float8_e4m3fn, torch.float8_e5m2):
        return f"of dtype {tensor.dtype}, which NumPy does not have: convert it with .float()"
    return None
