"""Other conventions, made into ``y, vjp = op(*inputs)``. A framework is imported only by the adapter of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gradcheck.errors import MissingFrameworkError

from .layer import from_layer
from .pair import from_pair
from .value_and_grad import from_value_and_grad

if TYPE_CHECKING:
    from .jax import from_jax
    from .library import from_library
    from .objective import from_objective
    from .program import from_program
    from .pytorch import from_torch
    from .residuals import from_residuals
    from .steps import from_steps

_LATER = {
    "from_jax": "jax",
    "from_library": "library",
    "from_objective": "objective",
    "from_program": "program",
    "from_residuals": "residuals",
    "from_steps": "steps",
    "from_torch": "pytorch",
}
"""The module of each adapter that is imported on first use."""

__all__ = [
    "from_jax",
    "from_layer",
    "from_library",
    "from_objective",
    "from_pair",
    "from_program",
    "from_residuals",
    "from_steps",
    "from_torch",
    "from_value_and_grad",
]


def __getattr__(name: str) -> Any:
    """Import an adapter on first use."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name not in ("torch", "jax", "jaxlib"):
            raise
        extra = "torch" if error.name == "torch" else "jax"
        raise MissingFrameworkError(
            f"{name} needs {error.name}, which is not installed: pip install 'gradcheck[{extra}]'"
        ) from error
