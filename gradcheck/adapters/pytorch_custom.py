"""An operator of ``torch.library`` with ``register_autograd``: its own backward, heard before the engine gets it."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import optree
import torch
from torch._library.custom_ops import CustomOpDef

from gradcheck.errors import ConventionError, UsageError

from .pytorch_function import check_outputs, lined_up
from .pytorch_heard import Applied, handed, read_gradients, run_backward
from .pytorch_place import Place
from .pytorch_tensors import flatten

_GENERATED = "GeneratedBackwardFor_"  # what PyTorch calls the Function that it makes of a registered backward


@dataclass(frozen=True)
class CustomOp:
    """An operator by one of its overloads: how to call it, and what its schema says of its arguments."""

    overload: Any

    @property
    def name(self) -> str:
        """``mylib::scale``, with the overload where it has a name."""
        return str(self.overload.name())

    @property
    def parameters(self) -> list[inspect.Parameter]:
        """Its arguments as those of a Python function."""
        found = []
        for argument in self.overload._schema.arguments:
            name = f"{argument.name}_" if keyword.iskeyword(argument.name) else argument.name
            kind = inspect.Parameter.KEYWORD_ONLY if argument.kwarg_only else inspect.Parameter.POSITIONAL_OR_KEYWORD
            default = argument.default_value if argument.has_default_value() else inspect.Parameter.empty
            found.append(inspect.Parameter(name, kind, default=default))
        return found

    @property
    def definition(self) -> Any:
        """The function that ``custom_op`` was put on, where it was; else the operator."""
        found = _definition_of(self.overload)
        return self.overload if found is None else found._init_fn

    @property
    def has_batching(self) -> bool:
        """Whether somebody registered what ``torch.func.vmap`` is to do."""
        return bool(torch._C._dispatch_has_kernel_for_dispatch_key(self.name, "FuncTorchBatched"))

    @property
    def registered(self) -> Any:
        """The backward of a definition, as far as one is registered by now; None where nobody knows."""
        return getattr(_definition_of(self.overload), "_backward_fn", None)

    def positional(self) -> list[inspect.Parameter]:
        """Those arguments that may be inputs."""
        return [p for p in self.parameters if p.kind is not p.KEYWORD_ONLY]

    def split(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Options for positional arguments, and those for arguments that are keyword-only."""
        keywords = {p.name for p in self.parameters if p.kind is p.KEYWORD_ONLY}
        return {n: v for n, v in options.items() if n not in keywords}, {
            n: v for n, v in options.items() if n in keywords
        }


def custom_op_of(candidate: Any) -> CustomOp | None:
    """The operator that is meant by its definition, its packet ``torch.ops.ns.op`` or one overload ``.default``.

    None for any other callable, PyTorch's own operators among them.
    """
    if isinstance(candidate, CustomOpDef):
        return CustomOp(candidate._opoverload)
    if isinstance(candidate, torch._ops.OpOverloadPacket):
        names = candidate.overloads()  # type: ignore[no-untyped-call]
        if len(names) != 1:
            return None
        candidate = getattr(candidate, names[0])
    if not isinstance(candidate, torch._ops.OpOverload):
        return None
    return None if candidate.namespace in ("aten", "prims", "prim") else CustomOp(candidate)


def _definition_of(overload: Any) -> Any:
    from torch._library.custom_ops import OPDEFS

    return OPDEFS.get(str(overload.name()).partition(".")[0])


def call_operator(op: CustomOp, place: Place, inputs: Sequence[Any], mask: Sequence[bool] | None, options: Any) -> Any:
    """Call the operator on the arrays' own memory; ``mask`` says of which a gradient is wanted, None of none."""
    own, keywords = op.split(options)
    with place.apart(grad=mask is not None):
        anchor = torch.zeros((), requires_grad=mask is not None, device=place.device)
        wanted = (False,) * len(inputs) if mask is None else mask

        def call(leaves: Sequence[Any]) -> tuple[list[Any], list[int], Any]:
            trees = structure.unflatten(leaves)
            mine = [handed(anchor, tree, want) for tree, want in zip(trees, wanted, strict=True)]
            arguments, places = lined_up(op.name, op.positional(), mine, place.with_tensors(own))
            return arguments, places, op.overload(*arguments, **place.with_tensors(keywords))

        leaves, structure = flatten([optree.tree_map(place.tensor, tree) for tree in inputs])
        arguments, places, result = place.with_the_same_draws(call, leaves, lambda: leaves)
        state = place.random_state()
    results = tuple(flatten(result)[0])
    applied = Applied(op.name, tuple(arguments), tuple(places), results, anchor, state)
    check_outputs(applied)
    return applied


def registered_in(op: CustomOp, applied: Applied) -> Any:
    """Where PyTorch keeps the backward of this call: an object whose attribute ``_backward_fn`` it is.

    None where no registered backward answers (an operator with kernels for autograd of another kind).
    """
    for y in applied.outputs:
        function = getattr(type(y.grad_fn), "_forward_cls", None)
        if function is not None and function.__name__.startswith(_GENERATED):
            info = _kept_by(function.backward)
            if info is None or info._backward_fn is None:
                raise _without_backward(op)
            return info
    if not any(y.requires_grad for y in applied.outputs) or any(
        y.grad_fn is not None and "NotImplemented" in y.grad_fn.name() for y in applied.outputs
    ):
        raise _without_backward(op)
    return None


def _without_backward(op: CustomOp) -> ConventionError:
    return ConventionError(
        f"`{op.name}` has no backward: register one, torch.library.register_autograd({op.name!r}, backward, "
        "setup_context=setup_context)"
    )


def _kept_by(backward: Any, depth: int = 2) -> Any:
    """What the generated backward calls the user's through: an object in its closure, or in that of one inside."""
    for cell in getattr(backward, "__closure__", None) or ():
        held = cell.cell_contents
        if hasattr(held, "_backward_fn"):
            return held
        found = _kept_by(held, depth - 1) if depth and inspect.isfunction(held) else None
        if found is not None:
            return found
    return None


def raw_gradients(info: Any, applied: Applied, dy: Any, place: Place) -> Any:
    """What the registered backward returned for each input, exactly; without the Nones of options."""
    heard: list[Any] = []
    with listened_to(info, heard):
        ran = run_backward(place, applied, dy)
    return read_gradients(heard[0], applied, place) if ran else (None,) * len(applied.places)


@contextmanager
def listened_to(info: Any, heard: list[Any]) -> Iterator[None]:
    """As long as this lasts, keep what the backward returns, and tell the engine nothing."""
    backward: Callable[..., Any] = info._backward_fn

    def heard_backward(ctx: Any, *dys: Any) -> Any:
        heard.append(backward(ctx, *dys))
        leaves, structure = flatten(tuple(ctx.needs_input_grad))
        return structure.unflatten([None] * len(leaves))

    info._backward_fn = heard_backward
    try:
        yield
    finally:
        info._backward_fn = backward


def refuse_mutation(op: CustomOp) -> None:
    """Raise UsageError for an operator that writes into its arguments, which PyTorch does not differentiate."""
    written = [a.name for a in op.overload._schema.arguments if a.alias_info is not None and a.alias_info.is_write]
    if written:
        raise UsageError(
            f"from_torch: `{op.name}` writes into its argument `{written[0]}` (mutates_args), and PyTorch "
            "differentiates no such operator: pass a function that returns what it writes"
        )
