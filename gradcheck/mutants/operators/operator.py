"""What an edit operator is: a name, a sentence, and what it puts in the place of a node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import libcst as cst

from gradcheck.source.scope import Scope


@dataclass(frozen=True)
class Place:
    """Where a node stands: the nodes around it, innermost first, and what the function around it knows.

    ``earlier`` are the names that the function has given a value before this statement.
    """

    parents: tuple[cst.CSTNode, ...]
    scope: Scope
    earlier: tuple[str, ...] = ()

    @property
    def parent(self) -> cst.CSTNode:
        """The node that directly holds this one."""
        return self.parents[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Every value that may be named here, the function's own first."""
        return tuple(dict.fromkeys((*self.earlier, *self.scope.outer)))

    @property
    def is_value(self) -> bool:
        """Whether the node is all of what is assigned or returned, or one entry of what is returned."""
        return isinstance(self.parent, cst.Assign | cst.AnnAssign | cst.AugAssign | cst.Return) or self.is_entry

    @property
    def is_entry(self) -> bool:
        """Whether the node is one of several things returned together."""
        if not isinstance(self.parent, cst.Element | cst.DictElement):
            return False
        return len(self.parents) > 2 and isinstance(self.parents[2], cst.Return)


Replacements = Callable[[cst.CSTNode, Place], Iterable[str]]


@dataclass(frozen=True)
class Operator:
    """One kind of slip.

    ``replacements(node, place)`` yields Python code, each an alternative to the node: an expression for an expression,
    statements on one line for a statement. It is asked about every node of a backward and is silent at most. Whoever
    inserts the code sets the parentheses that it needs in its surroundings.
    """

    name: str
    sentence: str
    replacements: Replacements

    def __str__(self) -> str:
        return self.name
