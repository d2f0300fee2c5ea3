"""What a hypothesis is: a name, and the claims that it makes about one argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .view import View


@dataclass(frozen=True)
class Claim:
    """One statement about what is wrong.

    ``holds`` is True where an example bears it out, False where it refutes it, None where it says nothing about it
    (a factor that is 1 there, an axis too short). ``parameters`` counts what was chosen or fitted to make it hold:
    of two claims that hold, the one with fewer is believed. With ``everywhere`` it is also held against examples at
    which the argument is right. A ``loose`` one has a free end that is fitted to each example, and is never certain.
    """

    sentence: str
    parameters: float
    holds: Callable[[View], bool | None]
    everywhere: bool = False
    loose: bool = False


@dataclass(frozen=True)
class Hypothesis:
    """One pattern. ``name`` is stable; ``meaning`` says in general what it stands for.

    ``propose`` reads claims off one example; they are then held against all.
    """

    name: str
    meaning: str
    propose: Callable[[View], Iterable[Claim]]


@dataclass(frozen=True)
class Cause:
    """What is said in the end: certain where it was confirmed on further shapes and nothing else explains it too."""

    name: str
    sentence: str
    certain: bool
