"""The words and the examples of every code, from the folder of its law or of its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from gradcheck import laws
from gradcheck.laws import reasons
from gradcheck.laws.words import Words
from gradcheck.protocol import Case

_FOLDERS = {
    module.name[:5].upper(): f"{package.__name__}.{module.name}"
    for package in (laws, reasons)
    for module in iter_modules(package.__path__)
    if module.name.startswith("gc")
}


@dataclass(frozen=True)
class Explanation:
    """A code in words, and two functions without parameters that return a case: what is shown of them is their body."""

    code: str
    words: Words
    wrong: Callable[[], Case]
    right: Callable[[], Case]


def codes() -> list[str]:
    """Every code, in order."""
    return sorted(_FOLDERS)


def explanation_of(code: str) -> Explanation:
    """What the folder of a code holds for its reader."""
    words, examples = (import_module(f"{_FOLDERS[code]}.{file}") for file in ("words", "examples"))
    return Explanation(code, words.WORDS, examples.wrong, examples.right)
