"""Other conventions, made into ``y, vjp = op(*inputs)``. A framework is imported only by the adapter of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcheck.errors import MissingFrameworkError

from .layer import from_layer
from .library import from_library
from .pair import from_pair
from .program import from_program
from .value_and_grad import from_value_and_grad

if TYPE_CHECKING:
    from .jax import from_jax
    from .pytorch import from_torch

__all__ = ["from_jax", "from_layer", "from_library", "from_pair", "from_program", "from_torch", "from_value_and_grad"]


def __getattr__(name: str) -> Any:
    """Import the adapter of a framework on first use."""
    try:
        if name == "from_torch":
            from .pytorch import from_torch

            return from_torch
        if name == "from_jax":
            from .jax import from_jax

            return from_jax
    except ModuleNotFoundError as error:
        if error.name not in ("torch", "jax", "jaxlib"):
            raise
        extra = "torch" if error.name == "torch" else "jax"
        raise MissingFrameworkError(
            f"{name} needs {error.name}, which is not installed: pip install 'gradcheck[{extra}]'"
        ) from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
