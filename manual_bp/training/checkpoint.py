"""Arrays in one `.npz` file: written whole or not at all, and read without running anything that it may hold."""

import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray
from .trees import Tree, leaves, rebuilt

VERSION = 1
"""Of the files that are written here; raised when older code could no longer read them."""

_VERSION_KEY = "manual_bp"


class CheckpointError(ValueError):
    """A file that cannot be what it should be: cut short, of another model or run, or of a later version."""


def save_parameters(path: str | os.PathLike[str], parameters: Tree) -> None:
    """Write parameters (an array, or dicts, lists and tuples of arrays) to the file `path`, an `.npz`.

    The file is there whole or not at all: it is written beside its place, flushed to the disk and then renamed, so that
    whoever reads finds the old one or the new one whenever this process is killed.

    Raises TypeError when a leaf is no floating array, and OSError when the file cannot be written.

    >>> import tempfile, numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_parameters(f"{folder}/network.npz", {"w": np.array([1.0, 2.0])})
    ...     load_parameters(f"{folder}/network.npz", like={"w": np.zeros(2)})
    {'w': array([1., 2.])}
    """
    write_arrays(path, leaves(save_parameters, "parameters", parameters))


def load_parameters(path: str | os.PathLike[str], *, like: Tree) -> Tree:
    """The parameters in the file `path`, in the structure of `like`, whose arrays say shapes and dtypes.

    Also reads what `fit` keeps of a run: its latest parameters.

    Raises CheckpointError when the file is cut short, holds parameters of another structure, shape or dtype, or was
    written by a later version; FileNotFoundError when there is none.
    """
    return parameters_in(path, read_arrays(path), load_parameters, "parameters", like)


def parameters_in(
    path: str | os.PathLike[str],
    arrays: Mapping[str, npt.NDArray[Any]],
    op: Callable[..., object],
    name: str,
    like: Tree,
) -> Tree:
    """The tree called `name` among the arrays of a file; CheckpointError unless it is like `like`."""
    expected = leaves(op, name, like)
    there = [key for key in arrays if key == name or key.startswith(f"{name}[")]
    for key in [*expected, *there]:
        if key not in arrays or key not in expected:
            lacks, has = ("it", "this model") if key in expected else ("this model", "it")
            raise CheckpointError(f"{os.fspath(path)}: holds another model: {has} has {key}, {lacks} has not")
        found, wanted = arrays[key], expected[key]
        if (found.shape, found.dtype) != (wanted.shape, wanted.dtype):
            raise CheckpointError(
                f"{os.fspath(path)}: holds another model: its {key} is {found.dtype} of shape {found.shape}, "
                f"that of this model {wanted.dtype} of shape {wanted.shape}"
            )
    values: list[FloatArray] = [arrays[key] for key in expected]
    return rebuilt(like, iter(values))


def write_arrays(path: str | os.PathLike[str], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write the arrays by their names, and the version, whole or not at all."""
    place = Path(path)
    # One name, so that what a killed run has left is overwritten by the next and does not pile up.
    beside = place.with_name(place.name + ".part")
    try:
        with open(beside, "wb") as file:
            np.savez(file, allow_pickle=False, **{_VERSION_KEY: np.array(VERSION), **arrays})
            file.flush()
            os.fsync(file.fileno())  # else a power cut may keep the new name and lose what it names
        os.replace(beside, place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _settle(place.parent)


def read_arrays(path: str | os.PathLike[str]) -> dict[str, npt.NDArray[Any]]:
    """All arrays of a file by their names; CheckpointError where it is damaged or of a later version."""
    place = os.fspath(path)
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            if not isinstance(stored, np.lib.npyio.NpzFile) or _VERSION_KEY not in stored.files:
                raise CheckpointError(f"{place}: is no file of manual_bp")
            version = int(stored[_VERSION_KEY])
            if version > VERSION:
                raise CheckpointError(
                    f"{place}: was written by a later version of manual_bp (format {version}, this one reads up to "
                    f"{VERSION}); install a newer one"
                )
            return {name: stored[name] for name in stored.files if name != _VERSION_KEY}
    except CheckpointError:
        raise
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, TypeError) as error:
        raise CheckpointError(
            f"{place}: is cut short or damaged, or no file of manual_bp; write it again, or remove it to begin anew"
        ) from error


def _settle(folder: Path) -> None:
    """Flush the new name to the disk, where the system lets a folder be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
