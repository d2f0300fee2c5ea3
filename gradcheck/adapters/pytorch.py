"""PyTorch functions as ops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from gradcheck.errors import ConventionError, UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol.no_function import taken_by_another

from .data import with_constants
from .pytorch_callable import OnTensors, Op, callable_op
from .pytorch_compiled import check_backend, compiled_op
from .pytorch_custom import CustomOp, custom_op_of
from .pytorch_custom_op import custom_op
from .pytorch_function import function_of
from .pytorch_function_op import function_op
from .pytorch_module import module_op, on_tensors
from .pytorch_opcheck import checked_by_torch
from .pytorch_place import Place, place_of
from .pytorch_tensors import in_words


def from_torch(
    function: Callable[..., Any],
    *,
    constants: Sequence[str] = (),
    device: Any = None,
    dtype: torch.dtype | None = None,
    compile: str | None = None,
    opcheck: bool = False,
) -> Op:
    """Make an op of a ``torch.autograd.Function``, an operator of ``torch.library``, or any callable on tensors.

    NumPy arrays in and out; ``y`` is an array where there is one floating output, a tuple where there are several.

    A Function (or its ``apply``), and an operator with ``register_autograd`` (its definition, ``torch.ops.ns.op`` or
    ``.default``), are judged by what their ``backward`` returns, before PyTorch's engine sums a gradient to its input's
    shape, casts it to its dtype, or takes None for zeros. Options are passed to the parameters of ``forward`` that
    they name, and need None from the backward; a list of tensors is an input that is a list.

    Of any other callable autograd is the vjp, and an input that it finds no path to gets zeros. Inputs may be
    nested.

    A module takes its parameters as inputs, behind those of its forward: in the order of ``named_parameters()``, or
    as one dict by name, such as the op's attribute ``parameters``, which holds their values. Without them they stay
    what they are in the module, and no gradient of theirs is judged. Optional arguments of the forward are options.
    Buffers of a module stay as they are, and so do grad mode and random state.

    Every forward draws the same random numbers from PyTorch's generator, in any layout of its inputs, and a backward
    finds the generator as its forward left it, as in PyTorch: a mask that is saved is right, one that is drawn again
    is another mask. Numbers from NumPy's global generator or from ``random`` are not held still (PyTorch's own
    checkpointing does not hold them either): a forward that draws them does not repeat itself (GC206).

    Parameters
    ----------
    constants
        Names of inputs that are data: no gradient is asked of them.
    device
        Where the tensors are, ``"cuda"``; default: the CPU. What the function holds itself must be there too.
    dtype
        The floating dtype of all inputs, ``torch.bfloat16``; default: that of the arrays.
    compile
        A backend of ``torch.compile``, ``"inductor"`` or the quick ``"aot_eager"``: compiled equals eager (GC404).
    opcheck
        Of an operator: whether PyTorch's own ``torch.library.opcheck`` is asked too, which takes about a second.

    The op offers ``forward``, ``wanting``, ``second``, and ``jvp`` (of a Function only where it defines one); and
    ``batched``, by ``torch.func.vmap`` (of a Function or an operator only where it has a rule for that).

    Raises UsageError for a device that is absent, or that does not have the dtype.

    >>> import numpy as np
    >>> y, vjp = from_torch(torch.sin)(np.array([0.0]))
    >>> vjp(np.array([2.0]))
    (array([2.]),)
    """
    place = place_of(device, dtype) if device is not None or dtype is not None else Place()
    if compile is not None:
        check_backend(compile)
    operator = custom_op_of(function)
    if not isinstance(opcheck, bool):
        raise UsageError(f"from_torch: opcheck is {repeated(opcheck)}; it is True or False")
    if opcheck and operator is None:
        raise UsageError("from_torch: opcheck=True is for an operator of torch.library, which this function is not")
    op = with_constants(_op_of(function, operator, place, compile), constants, "from_torch")
    if operator is not None and opcheck:
        op.__dict__["opcheck"] = checked_by_torch(operator, place)
    op.__dict__["forward_of"] = lambda other: callable_op(OnTensors(other, place)).forward  # type: ignore[attr-defined]
    if device is not None:
        op.__dict__["device"] = str(place.device)  # where a twin beside it belongs
    if dtype is not None:
        op.__dict__["dtype"] = in_words(dtype)
    return op


def _op_of(function: Callable[..., Any], operator: CustomOp | None, place: Place, backend: str | None) -> Op:
    own = function_of(function)
    if own is not None:
        return function_op(own, place, backend)
    if operator is not None:
        return custom_op(operator, place, backend)
    other = taken_by_another(function)
    if other is not None:
        raise ConventionError(f"from_torch needs a Function subclass or a callable on tensors, and {other}")
    if not callable(function):
        raise ConventionError(
            f"from_torch needs a Function subclass or a callable on tensors, not {repeated(function)}"
        )
    op = (
        module_op(function, place) if isinstance(function, torch.nn.Module) else callable_op(OnTensors(function, place))
    )
    if backend is not None:
        call = on_tensors(function) if isinstance(function, torch.nn.Module) else function
        op.__dict__["compiled"] = compiled_op(op.__name__, call, place, backend)
    return op
