"""Whose a file is: Python's, a library's, an installed package's, or the user's own."""

from __future__ import annotations

import sysconfig
from functools import cache
from pathlib import Path

# Whose Python functions a vjp merely uses: the outermost of any other package is the backward.
LIBRARIES = ("numpy", "scipy", "torch", "jax", "jaxlib", "optree", "ml_dtypes", "numba", "triton", "typing_extensions")

_OWN = Path(__file__).parents[1]
_STANDARD = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))
_INSTALLED = ("site-packages", "dist-packages")


@cache
def is_ours(filename: str) -> bool:
    """Whether a file is gradcheck's own, such as that of an adapter."""
    return Path(filename).is_relative_to(_OWN)


@cache
def owner_of(filename: str) -> str | None:
    """The installed package that a file belongs to, empty for the user's own files, None for nobody's to edit.

    Nobody's are Python's own, gradcheck's, and those of the libraries that every backward is written in.
    """
    path = Path(filename)
    if filename.startswith("<frozen") or path.is_relative_to(_OWN):
        return None
    for number, part in enumerate(path.parts[:-1]):
        if part in _INSTALLED:
            top = path.parts[number + 1].removesuffix(".py")
            return None if top in LIBRARIES else top
    return None if any(path.is_relative_to(folder) for folder in _STANDARD) else ""
