"""Other conventions, made into ``y, vjp = op(*inputs)``. A framework is imported only by the adapter of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .pair import from_pair

if TYPE_CHECKING:
    from .pytorch import from_torch

__all__ = ["from_pair", "from_torch"]


def __getattr__(name: str) -> Any:
    """Import the adapter of a framework on first use."""
    if name == "from_torch":
        from .pytorch import from_torch

        return from_torch
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
