"""An exhibit: one wrong backward modelled on a bug that shipped, and its right twin over the same forward."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from gradcheck import Case
from gradcheck.adapters import from_pair


@dataclass(frozen=True)
class Exhibit:
    """What must be called wrong and by which law, and what must not.

    ``id`` is that of the bug in the list that the museum was made from (with a letter where one bug has two
    exhibits). One of ``laws`` must be among the codes of the errors; there is one, but for mistakes that break
    another law at other shapes. ``excuse`` says why the right twin may be inconclusive; nearly all need none.
    ``cause`` is the name of the cause that was planted, or several that say the same of it: decided from the
    description of the bug, not from what the diagnosis makes of it. A name that no hypothesis has stays one that the
    diagnosis cannot state.
    """

    id: str
    name: str
    wrong: Case
    right: Case
    law: str | Set[str]
    excuse: str = ""
    cause: str | Set[str] = frozenset()

    @property
    def causes(self) -> Set[str]:
        """The acceptable names of the cause."""
        return {self.cause} if isinstance(self.cause, str) else self.cause

    @property
    def laws(self) -> Set[str]:
        """The acceptable codes."""
        return {self.law} if isinstance(self.law, str) else self.law

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


def two_ops(
    id: str,
    name: str,
    signature: str | None = None,
    *,
    wrong: Callable[..., Any],
    right: Callable[..., Any],
    law: str | Set[str] = "GC301",
    excuse: str = "",
    cause: str | Set[str] = frozenset(),
    **case: Any,
) -> Exhibit:
    """Two whole ops, for a mistake that reaches into the forward; ``case`` is what else both cases hold."""
    return Exhibit(
        id,
        name,
        Case(wrong, signature, name=f"{id} {name}", **case),
        Case(right, signature, name=f"{id} twin", **case),
        law,
        excuse,
        cause,
    )


def two_backwards(
    id: str,
    name: str,
    signature: str | None = None,
    *,
    forward: Callable[..., Any],
    wrong: Callable[..., Any],
    right: Callable[..., Any],
    **more: Any,
) -> Exhibit:
    """One forward and two backwards, ``y, saved = forward(*x)`` and ``gradients = backward(saved, dy)``."""
    return two_ops(id, name, signature, wrong=from_pair(forward, wrong), right=from_pair(forward, right), **more)
