"""Equations such as "bij,bjk->bik": read, and held against the shapes."""

import string
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray


def read_equation(op: Callable[..., object], equation: str, x: FloatArray, other: FloatArray) -> tuple[str, str, str]:
    """The letters of x, of other and of the result; every axis that "..." stands for gets a letter of its own."""
    if not isinstance(equation, str):
        raise TypeError(f"{op.__name__}: equation must be a string, but it is {equation!r}")
    text = equation.replace(" ", "")
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != 2:
        raise ValueError(f"{op.__name__}: equation must name two operands, as 'ij,jk->ik' does, but it is {equation!r}")
    if not set(text) <= set(string.ascii_letters + ",.->"):
        raise ValueError(f"{op.__name__}: equation may hold letters, '...', ',' and '->', but it is {equation!r}")
    free = [letter for letter in string.ascii_letters if letter not in text]
    hidden = [
        array.ndim - len(term.replace("...", "")) if "..." in term else 0
        for term, array in zip(terms, (x, other), strict=True)
    ]
    dots = "".join(free[: max(0, *hidden)])
    left, right = (
        term.replace("...", dots[len(dots) - max(0, count) :]) for term, count in zip(terms, hidden, strict=True)
    )
    if not arrow:
        counts = Counter(inputs.replace("...", "").replace(",", ""))
        output = "..." * bool(dots) + "".join(sorted(letter for letter, count in counts.items() if count == 1))
    out = output.replace("...", dots)
    wrong = "." in left + right + out or len(set(out)) < len(out) or not set(out) <= set(left + right)
    if wrong or not set(dots) <= set(out):
        raise ValueError(
            f"{op.__name__}: the result of equation must hold letters of the operands, once each, and '...' where they "
            f"have it, but it is {equation!r}"
        )
    for name, letters, array in (("x", left, x), ("other", right, other)):
        if len(letters) != array.ndim:
            raise ValueError(
                f"{op.__name__}: equation {equation!r} does not fit the axes of {name}, which is {array.shape}"
            )
    return left, right, out


def axis_sizes(
    op: Callable[..., object], terms: tuple[str, str], arrays: tuple[FloatArray, FloatArray]
) -> dict[str, int]:
    """The size of each letter; ValueError where it is two sizes, neither of which is 1."""
    sizes: dict[str, int] = {}
    for letters, array in zip(terms, arrays, strict=True):
        for letter, size in zip(letters, array.shape, strict=True):
            known = sizes.get(letter, 1)
            if known != size and 1 not in (known, size):
                raise ValueError(
                    f"{op.__name__}: axes of one letter must have one size, but x is {arrays[0].shape} "
                    f"and other is {arrays[1].shape}"
                )
            sizes[letter] = size if known == 1 else known
    return sizes


def unique(letters: str) -> str:
    """Each letter once, in the order in which they come."""
    return "".join(dict.fromkeys(letters))


def diagonal(array: npt.NDArray[Any], letters: str) -> npt.NDArray[Any]:
    """A view of the array in which no letter comes twice: writing into it writes into the array."""
    once = unique(letters)
    return array if once == letters else np.einsum(f"{letters}->{once}", array)
