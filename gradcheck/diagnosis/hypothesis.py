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
    which the argument is right. ``open_ends`` counts what it leaves open, so that it explains less than one that gives
    every number: numbers that are fitted to each line or example anew, that it says where the gradient is off and not
    by what, or what is returned and not how that comes of the right gradient. A ``loose`` one is never certain.
    """

    sentence: str
    parameters: float
    holds: Callable[[View], bool | None]
    everywhere: bool = False
    open_ends: int = 0
    loose: bool = False


@dataclass(frozen=True)
class Hypothesis:
    """One pattern. ``name`` is stable; ``meaning`` says in general what it stands for.

    ``propose`` reads claims off one example; they are then held against all. ``slopes`` says whether they rest on the
    slopes of the forward; those that do not ask how the vjp behaves, or what it returns beside a staircase.
    """

    name: str
    meaning: str
    propose: Callable[[View], Iterable[Claim]]
    slopes: bool = True


@dataclass(frozen=True)
class Cause:
    """What is said in the end: certain where it was confirmed on further shapes and nothing else explains it too.

    ``open_ends`` are those of its claim: what leaves some is explained better by an edit that leaves none.
    """

    name: str
    sentence: str
    certain: bool
    open_ends: int = 0
