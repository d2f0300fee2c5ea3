"""Another array of the same scope: W1 for W2, Z1 for A1, a gradient for its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import libcst as cst

from ..limits import NEAREST
from .operator import Operator, Place


def _other_name(node: cst.CSTNode, place: Place) -> Iterator[str]:
    known = dict.fromkeys((*place.names, *sorted(place.scope.cotangents)))
    if isinstance(node, cst.Name) and node.value in known:
        yield from nearest(node.value, list(known))[:NEAREST]


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """Other names, those that are most easily taken for this one first."""
    others = [other for other in names if other != name]
    return sorted(others, key=lambda other: _distance(name, other))  # stable: nearer scopes first


def _distance(name: str, other: str) -> tuple[int, float]:
    same_letters = re.sub(r"\d", "", name) == re.sub(r"\d", "", other)
    same_digits = re.sub(r"\D", "", name) == re.sub(r"\D", "", other)
    gradient_of = other in (f"d{name}", f"grad_{name}") or name in (f"d{other}", f"grad_{other}")
    rank = 0 if same_letters else 1 if gradient_of else 2 if same_digits else 3
    return rank, -SequenceMatcher(None, name, other).ratio()


OTHER_NAME = Operator("other-name", "Another array of the same scope is used.", _other_name)

NAMES = (OTHER_NAME,)
