"""A part of a statement, and one change of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

Path = tuple[Any, ...]
INSTEAD = "with `{by}` in the place of `{before}`"


@dataclass(frozen=True)
class Part:
    """A part of an expression, the steps that lead to it, and whether it is (in) an index.

    ``added`` is one that is a term, or handed to a function: a factor of it is none of what stands around it. A
    ``factor`` is one of a product or quotient.
    """

    path: Path
    node: ast.expr
    index: bool
    added: bool
    factor: bool = False


@dataclass(frozen=True)
class Change:
    """What comes in the place of a part, what that costs, and how it is said: of ``by`` where that is not all of it."""

    after: ast.expr
    cost: float
    form: str = INSTEAD
    by: ast.expr | None = None
    kin: str = ""
