"""Named tensors in files: NumPy's ``.npz``, and ``.safetensors``, which is a header in JSON and then the bytes.

Source of the latter: https://huggingface.co/docs/safetensors, "Format".
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Tensors = Mapping[str, Array]

_KINDS = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
    "C64": "complex64",
}
_NAMES = {name: kind for kind, name in _KINDS.items()}


class Unreadable(Exception):
    """What is wrong with a file, or with what is to be written into one, as the end of a sentence."""


def write_npz(path: Path, tensors: Tensors) -> None:
    """Write an archive, uncompressed."""
    np.savez(path, **tensors)  # type: ignore[arg-type]


def read_npz(path: Path) -> Tensors:
    """Read an archive; Unreadable where it is none, or holds anything but arrays."""
    try:
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if isinstance(archive, np.ndarray):
                raise Unreadable("which holds a single array: write named ones with np.savez")
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise Unreadable(f"which is no whole .npz archive ({error})") from None
    except ValueError as error:
        raise Unreadable(f"which holds what is no array of numbers ({error})") from None


def write_safetensors(path: Path, tensors: Tensors) -> None:
    """Write a header and the bytes of every tensor, in C order."""
    header: dict[str, Any] = {}
    start = 0
    for name, array in tensors.items():
        if array.dtype.name not in _NAMES:
            raise Unreadable(f"`{name}` has dtype {array.dtype}, which a .safetensors file cannot hold: use .npz")
        end = start + array.nbytes
        header[name] = {"dtype": _NAMES[array.dtype.name], "shape": list(array.shape), "data_offsets": [start, end]}
        start = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that tensors lie at multiples of eight bytes
    content = [
        np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes() for array in tensors.values()
    ]
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(content))


def read_safetensors(path: Path) -> Tensors:
    """Read such a file; Unreadable where it is none, is cut off, or holds a dtype that NumPy does not have."""
    whole = path.read_bytes()
    start = 8 + int.from_bytes(whole[:8], "little")
    try:
        header = json.loads(whole[8:start])
        header.pop("__metadata__", None)
        found = {name: _tensor(whole[start:], str(name), **said) for name, said in header.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise Unreadable(f"which is no whole .safetensors file ({error})") from None
    return found


def _tensor(content: bytes, name: str, dtype: str, shape: list[int], data_offsets: list[int]) -> Array:
    if dtype not in _KINDS:
        raise Unreadable(f"in which `{name}` has dtype {dtype}, which NumPy does not have: write F32")
    start, end = data_offsets
    kind = np.dtype(_KINDS[dtype]).newbyteorder("<")
    if end > len(content) or end - start != kind.itemsize * math.prod(shape):
        raise ValueError(f"`{name}` of shape {tuple(shape)} has {min(end, len(content)) - start} bytes")
    return np.frombuffer(content[start:end], kind).reshape(shape).astype(kind.newbyteorder("="))


FORMATS: Mapping[str, tuple[Callable[[Path, Tensors], None], Callable[[Path], Tensors]]] = {
    ".npz": (write_npz, read_npz),
    ".safetensors": (write_safetensors, read_safetensors),
}
