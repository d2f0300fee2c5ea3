"""A C declaration with sizes in brackets, ``void f(int n, const double x[n], double y[n])``, as data."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradcheck.errors import UsageError

_INTEGERS: Mapping[str, str] = {
    "char": "c_byte",
    "signed char": "c_byte",
    "unsigned char": "c_ubyte",
    "short": "c_short",
    "unsigned short": "c_ushort",
    "int": "c_int",
    "unsigned": "c_uint",
    "unsigned int": "c_uint",
    "long": "c_long",
    "unsigned long": "c_ulong",
    "long long": "c_longlong",
    "unsigned long long": "c_ulonglong",
    "size_t": "c_size_t",
    "ssize_t": "c_ssize_t",
    "ptrdiff_t": "c_ssize_t",
    "bool": "c_bool",
    "_Bool": "c_bool",
    **{f"{sign}int{bits}_t": f"c_{sign}int{bits}" for sign in ("", "u") for bits in ("8", "16", "32", "64")},
}
KINDS: Mapping[str, str] = {"double": "c_double", "float": "c_float", **_INTEGERS}
"""What ctypes calls the types of C that a declaration may have."""

_DTYPES: Mapping[str, np.dtype[np.generic]] = {kind: np.dtype(getattr(ctypes, kind)) for kind in KINDS.values()}

_DECLARATION = re.compile(r"\s*(?P<returns>[\w\s*]+?)\s*\b(?P<name>\w+)\s*\((?P<arguments>.*)\)\s*;?\s*\Z", re.DOTALL)
_ARGUMENT = re.compile(r"(?P<type>[\w\s]+?)\s*(?P<star>\*?)\s*\b(?P<name>\w+)\s*(?P<sizes>(\[[^\]]*\]\s*)*)\Z")


@dataclass(frozen=True)
class Argument:
    """One argument: ``sizes`` of an array, as a signature writes them, or None of a number passed by value."""

    name: str
    kind: str
    sizes: tuple[str, ...] | None
    only_read: bool

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """What NumPy calls the type."""
        return _DTYPES[self.kind]

    @property
    def core(self) -> str:
        """The shape, as a signature writes it."""
        return f"({','.join(self.sizes or ())})"


@dataclass(frozen=True)
class Function:
    """A function of a library; ``returns`` is the kind of its status, or None of void."""

    name: str
    returns: str | None
    arguments: tuple[Argument, ...]
    text: str

    def arrays(self, *, only_read: bool) -> list[Argument]:
        """The arrays that it reads, or those that it writes."""
        return [a for a in self.arguments if a.sizes is not None and a.only_read is only_read]

    def numbers(self) -> list[Argument]:
        """What it is passed by value."""
        return [a for a in self.arguments if a.sizes is None]


def read_declaration(text: object, what: str) -> Function:
    """Read a declaration; UsageError with one sentence where it does not parse, or leaves a size open."""
    if not isinstance(text, str):
        raise UsageError(f"from_library: {what} is {text!r}; write a declaration, {_EXAMPLE}")
    plain = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)
    found = _DECLARATION.match(plain)
    if found is None:
        raise UsageError(f"from_library: {what} does not parse, `{_short(text)}`: write a declaration, {_EXAMPLE}")
    name = found["name"]
    words = found["returns"].split()
    returns = " ".join(word for word in words if word not in ("extern", "static", "inline"))
    if returns != "void" and returns not in _INTEGERS:
        raise UsageError(
            f"from_library: `{name}` returns {returns}; it returns void, or int, where 0 is success, and writes its "
            "value into an array, `double y[1]` for a single number"
        )
    parts = [part.strip() for part in found["arguments"].split(",")]
    arguments = tuple(_argument(part, name) for part in parts if part not in ("", "void"))
    twice = [a.name for n, a in enumerate(arguments) if a.name in [b.name for b in arguments[:n]]]
    if twice:
        raise UsageError(f"from_library: `{name}` has two arguments `{twice[0]}`: give each a name of its own")
    return Function(name, KINDS.get(returns), arguments, _short(text))


def _argument(text: str, function: str) -> Argument:
    found = _ARGUMENT.match(text)
    if found is None:
        raise UsageError(
            f"from_library: the argument `{_short(text)}` of `{function}` does not parse: write `const double x[n][m]` "
            "for an array that is read, `double y[n]` for one that is written, `int n` for a number"
        )
    words = found["type"].split()
    kind = " ".join(word for word in words if word not in ("const", "restrict", "volatile", "struct"))
    name = found["name"]
    if kind not in KINDS:
        raise UsageError(
            f"from_library: the type `{kind}` of `{name}` of `{function}` is not known: write what it stands for, "
            "such as float, double or int32_t"
        )
    sizes = re.findall(r"\[([^\]]*)\]", found["sizes"])
    if found["star"]:
        raise UsageError(
            f"from_library: how long is `{name}` of `{function}`? Write `{' '.join(words)} {name}[n]` for "
            f"`{_short(text)}`, which is the same to C, with its sizes in the order of memory"
        )
    if any(not size.strip() for size in sizes):
        raise UsageError(f"from_library: `{name}` of `{function}` has a size that is empty: write `{name}[n]`")
    plain = tuple(re.sub(r"\b(static|const|restrict)\b|\s", "", size).replace("/", "//") for size in sizes)
    return Argument(name, KINDS[kind], plain or None, "const" in words)


_EXAMPLE = '"void scale(int n, const double x[n], double y[n])"'


def _short(text: str) -> str:
    return " ".join(text.split())
