"""The device where tensors live: how arrays get there and back, and the random state that goes with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from gradcheck.errors import ConventionError, InputError, UsageError
from gradcheck.foreign import repeated

from .pytorch_tensors import Array, as_array, as_tensor, in_words, unreadable

State = tuple[torch.Tensor, ...]

_CPU = torch.device("cpu")


@dataclass(frozen=True)
class Place:
    """A device."""

    device: torch.device = _CPU

    @property
    def on_cpu(self) -> bool:
        """Whether arrays are there already."""
        return self.device.type == "cpu"

    @cached_property
    def _module(self) -> Any:
        return torch.get_device_module(self.device)

    @property
    def _which(self) -> tuple[torch.device, ...]:
        """The device as an argument; left out where it is the current one of its kind."""
        return () if self.device.index is None else (self.device,)

    def tensor(self, value: Any) -> torch.Tensor:
        """An array as a tensor, in the layout that it has; on the CPU on the array's own memory."""
        return self.moved(as_tensor(value))

    def moved(self, tensor: torch.Tensor) -> torch.Tensor:
        """A tensor on this device, in the layout that it has."""
        if self.on_cpu:
            return tensor
        core = tensor[tuple(slice(0, 1) if stride == 0 else slice(None) for stride in tensor.stride())]
        try:
            here = torch.empty_strided(core.shape, core.stride(), dtype=core.dtype, device=self.device)
        except TypeError:
            name = in_words(core.dtype)
            raise InputError(
                f"the device `{self.device}` has no tensors of dtype {name}, which one input has"
            ) from None
        return here.copy_(core, non_blocking=True).expand(tensor.shape)  # which has read the memory of an array by then

    def arrays(self, tensors: Sequence[torch.Tensor]) -> list[Array]:
        """The tensors as arrays; from another device all at once, which is waited for one time."""
        if self.on_cpu or not any(tensor.device.type == self.device.type for tensor in tensors):
            return [as_array(tensor) for tensor in tensors]
        moved = [self._brought(tensor.detach()) for tensor in tensors]
        self._module.synchronize(*self._which)
        return [as_array(tensor) for tensor in moved]

    def _brought(self, tensor: torch.Tensor) -> torch.Tensor:
        if tensor.device.type != self.device.type:
            return tensor
        if self.device.type != "cuda":
            return tensor.to("cpu", non_blocking=True)
        dense = tensor.to_dense() if tensor.layout != torch.strided else tensor
        return torch.empty_like(dense, device="cpu", pin_memory=True).copy_(dense, non_blocking=True)

    def pack_outputs(self, name: str, tensors: Sequence[torch.Tensor]) -> Any:
        """``y``: an array for one output, a tuple for several."""
        for tensor in tensors:
            why = unreadable(tensor) if self._stays(tensor) else None
            if why:
                raise ConventionError(f"`{name}` returned a tensor {why}")
        arrays = tuple(self.arrays(tensors))
        return arrays[0] if len(arrays) == 1 else arrays

    def _stays(self, tensor: torch.Tensor) -> bool:
        """Whether a tensor is where nobody brings it from."""
        return self.on_cpu or tensor.device.type != self.device.type

    def read_cotangents(self, dy: Any, outputs: Sequence[torch.Tensor]) -> list[torch.Tensor | None]:
        """One tensor per output, with the strides that the cotangents have; None for an output that nobody uses."""
        given = (dy,) if len(outputs) == 1 and not isinstance(dy, tuple) else dy
        if len(given) != len(outputs):
            raise ValueError(f"the vjp was given {len(given)} cotangents for {len(outputs)} outputs")
        return [None if d is None else self._cotangent(d, y) for d, y in zip(given, outputs, strict=True)]

    def _cotangent(self, d: Any, y: torch.Tensor) -> torch.Tensor:
        tensor = as_tensor(d)
        tensor = tensor if tensor.dtype == y.dtype else tensor.to(y.dtype)
        return self.moved(tensor)

    def with_tensors(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Options of which each array is a tensor, and each tensor a copy; none is differentiated."""
        return {name: self._constant(value) for name, value in options.items()}

    def _constant(self, value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value.detach().clone()
        return self.moved(as_tensor(value)) if isinstance(value, np.ndarray) else value

    def random_state(self) -> State:
        """The state of PyTorch's generators, that of the device among them."""
        states = (torch.get_rng_state(),)
        return states if self.on_cpu else (*states, self._module.get_rng_state(*self._which))

    def set_random_state(self, state: State) -> None:
        """Put the generators where they were."""
        torch.set_rng_state(state[0])
        if not self.on_cpu:
            self._module.set_rng_state(state[1], *self._which)

    @contextmanager
    def apart(self, *, grad: bool, state: State | None = None) -> Iterator[None]:
        """Call the user's code with gradients on or off, wherever the caller is, and leave no trace of the call.

        PyTorch's random state is put back afterwards, so that every forward sees the same numbers: a dropout mask is
        the same in each of the forwards that are differenced, and for whoever comes after. A backward begins with the
        ``state`` that its forward left, as it does in PyTorch, so that a mask which is drawn again there is another
        one. NumPy's global generator and that of ``random`` are not PyTorch's, and are left alone.
        """
        before = self.random_state()
        with torch.inference_mode(False), torch.set_grad_enabled(grad):
            try:
                if state is not None:
                    self.set_random_state(state)
                yield
            except RuntimeError as error:
                said = self._sentence(str(error))
                if said is None and not isinstance(error, torch.OutOfMemoryError):
                    raise
                raise ConventionError(said or self._no_memory(str(error))) from error
            finally:
                self.set_random_state(before)

    def _sentence(self, text: str) -> str | None:
        """What PyTorch refuses although no gradient is wrong, in one sentence."""
        if re.search("out of memory|can't allocate memory|not enough memory", text):
            return self._no_memory(text)
        if re.search("[Ee]xpected all tensors to be on the same device|not on the expected device", text):
            named = list(dict.fromkeys(re.findall(r"\b(?:cuda:\d+|cpu|mps(?::\d+)?|xpu:\d+|meta)\b", text)))
            met = " and ".join(named) or "more than one"
            return (
                f"tensors on two devices meet, {met}: from_torch moves inputs and options to `{self.device}`; what "
                "the function or module holds itself (weights, masks, tables) must be there too, module.to(device)"
            )
        return None

    def _no_memory(self, text: str) -> str:
        size = re.search(r"[Tt]ried to allocate ([\d.]+ ?\w+)", text)
        asked = f" of {size.group(1)}" if size else ""
        return (
            f"the device `{self.device}` has no memory{asked} for this call: pass smaller inputs, or bound them, "
            "Case(sizes={...})"
        )

    def with_the_same_draws(
        self, call: Callable[[Sequence[Any]], Any], leaves: Sequence[Any], again: Callable[[], Sequence[Any]]
    ) -> Any:
        """Call with these leaves; where numbers were drawn for tensors that are not in C order, again in C order.

        PyTorch draws in the order of memory, so that the same numbers fall on other entries: a dropout mask would seem
        to depend on the layout of the input. The second call begins with the random state that the first one found,
        and gets copies of the leaves that ``again`` gives.
        """
        odd = any(isinstance(leaf, torch.Tensor) and not leaf.is_contiguous() for leaf in leaves)
        state = self.random_state() if odd else ()
        result = call(leaves)
        if not odd or all(map(torch.equal, state, self.random_state())):
            return result
        self.set_random_state(state)
        return call([_in_c_order(leaf) if isinstance(leaf, torch.Tensor) else leaf for leaf in again()])


def _in_c_order(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.clone(memory_format=torch.contiguous_format)


def place_of(device: Any, dtype: Any) -> Place:
    """The place that somebody names; UsageError, in a sentence, where there is none such."""
    if dtype is not None and not (isinstance(dtype, torch.dtype) and (dtype.is_floating_point or dtype.is_complex)):
        raise UsageError(
            f"from_torch: dtype is {repeated(dtype)}; it is a floating dtype of PyTorch, such as torch.bfloat16"
        )
    if device is None:
        found = torch.device("cpu")
    else:
        try:
            found = torch.device(device)
        except (RuntimeError, TypeError):
            raise UsageError(
                f"from_torch: device is {repeated(device)}; it is a device of PyTorch, such as 'cuda:0'"
            ) from None
    if found.type == "meta":
        raise UsageError("from_torch: the device `meta` holds shapes and no numbers: nothing could be judged there")
    try:
        probe = torch.zeros(1, device=found)
    except (RuntimeError, AssertionError, NotImplementedError):
        raise UsageError(f"from_torch: there is no device `{found}` here; PyTorch has {_devices()}") from None
    if dtype is not None:
        try:
            probe.to(dtype).add(probe.to(dtype))
        except (RuntimeError, TypeError, NotImplementedError):
            raise UsageError(f"from_torch: the device `{found}` does not compute in {dtype}") from None
    return Place(found)


def _devices() -> str:
    """What there is, in words."""
    accelerator = torch.accelerator.current_accelerator(check_available=True) if _has_accelerators() else None
    if accelerator is None:
        return "only the CPU"
    return f"the CPU and {torch.accelerator.device_count()} of kind `{accelerator.type}`"


def _has_accelerators() -> bool:
    return hasattr(torch, "accelerator")
