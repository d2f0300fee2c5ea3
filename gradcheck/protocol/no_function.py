"""What to do with a class, or an instance of one, that was passed where a function belongs: one sentence."""

from __future__ import annotations

from typing import Any

from .arguments import op_name, read_parameters

_BACKWARDS = ("back", "bprop")  # how the names of methods begin that go backwards


def taken_by_another(value: object) -> str | None:
    r"""``\`Layer\` is a class: from_layer(Layer) ... makes an op of it``; None of what is neither class nor layer."""
    if isinstance(value, type):
        return f"`{op_name(value)}` is a class: {_taken_by(value, value)}"
    if callable(value) or not _goes_backwards(type(value)):
        return None
    return f"this is an instance of the class `{type(value).__name__}`: {_taken_by(type(value), value)}"


def _taken_by(kind: type, value: object) -> str:
    name = op_name(kind)
    of_torch = taken_by_torch(kind)
    if of_torch is not None:
        return of_torch
    if _goes_backwards(kind):
        made = name if value is kind and not _needs(kind) else f"lambda: {_made(kind)}"
        return f"from_layer({made}) of gradcheck.adapters makes an op of it"
    if "__call__" in dir(kind) and any("__call__" in vars(base) for base in kind.__mro__[:-1]):
        return (
            f"an instance of it, {_made(kind)}, is an op itself where calling it returns (y, vjp), else pass the "
            "method that belongs here"
        )
    return (
        f"it has no method that goes backwards by its name; where another does, from_layer({name}, forward=..., "
        "backward=...) of gradcheck.adapters names both"
    )


def taken_by_torch(kind: object) -> str | None:
    """What to do with a class of PyTorch; None of other things."""
    bases = kind.__mro__ if isinstance(kind, type) else ()
    names = [base.__name__ for base in bases if base.__module__.partition(".")[0] == "torch"]
    if isinstance(kind, type) and "Function" in names:
        return f"from_torch({op_name(kind)}) of gradcheck.adapters makes an op of it"
    if isinstance(kind, type) and "Module" in names:
        return f"from_torch({_made(kind)}) of gradcheck.adapters makes an op of an instance"
    return None


def _goes_backwards(kind: type) -> bool:
    return any(name.lower().startswith(_BACKWARDS) for name in dir(kind))


def _made(kind: type) -> str:
    return f"{op_name(kind)}({'...' if _needs(kind) else ''})"


def _needs(kind: type) -> bool:
    """Whether an instance cannot be made of nothing."""
    parameters: Any = read_parameters(kind) or ()
    return any(p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters)
