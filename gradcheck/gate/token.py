"""A token: target, case and example in one word, for `gradcheck replay`."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.generation import Example
from gradcheck.generation.layouts import LAYOUTS
from gradcheck.generation.options import alternatives, numbered
from gradcheck.generation.plants import PLANTS
from gradcheck.protocol import Case
from gradcheck.report import Report

from .limits import LONGEST

VERSION = 1


@dataclass(frozen=True)
class Again:
    """What is to be seen again: one example of a case, or, where no example stands for it, the whole search."""

    target: str
    case: str
    number: int
    example: Mapping[str, Any] | None
    examples: int
    seed: int


def same_named(cases: Sequence[Case], case: Case) -> int:
    """How many cases before this one have its name too: a name alone may not tell them apart."""
    return [c for c in cases if str(c) == str(case)].index(case)


def write_token(target: str, case: Case, number: int, report: Report, seed: int) -> str | None:
    """The token of a report; None where an option's value has no place in the case that it could be found by."""
    example = None
    if report.example is not None:
        example = dict(report.example)
        chosen = numbered(case, example.pop("options", {}))
        if chosen is None:
            return None
        example |= {"options": chosen} if chosen else {}
    data = [VERSION, target, str(case), number, example, report.examples, seed]
    packed = zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_token(token: str) -> Again:
    """Read a token; raise UsageError with one sentence where it is damaged, or of another version."""
    data = _unpacked(token)
    if data and data[0] != VERSION:
        raise UsageError(f"{_short(token)} was printed by another version of gradcheck: run the case again")
    kinds = (int, str, str, int, dict | None, int, int)
    if len(data) != len(kinds) or not all(map(isinstance, data, kinds)):
        raise UsageError(f"{_short(token)} is no token: copy all of the word that a report prints after `replay`")
    return Again(*data[1:])


def _unpacked(token: str) -> list[Any]:
    """The list in a token; empty where there is none, or only a part of one."""
    try:
        reader = zlib.decompressobj()
        text = reader.decompress(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), LONGEST)
        data = json.loads(text) if reader.eof else []
    except (ValueError, zlib.error):
        return []
    return data if isinstance(data, list) else []


def example_of(again: Again, case: Case) -> Example:
    """The example that a token means; UsageError where the case has changed so much that it has none such."""
    data = dict(again.example or {})
    options = data.pop("options", {})
    values = alternatives(case)
    if not (_fits_options(values, options) and _fits(case, data)):
        raise UsageError(
            f"case {case} of {again.target} has changed since the token was printed, and has no such example: "
            f"gradcheck run {again.target}::{case}"
        )
    example = Example(**{name: _tupled(value) if name in ("scale", "loops") else value for name, value in data.items()})
    borders = {name: tuple(found) for name, found in example.borders.items()}
    chosen = {name: found[options.get(name, 0)] for name, found in values.items()}
    return replace(example, borders=borders, options=chosen)


def _fits_options(values: Mapping[str, Sequence[Any]], options: Any) -> bool:
    known = isinstance(options, dict) and set(options) <= set(values)
    return known and all(isinstance(n, int) and 0 <= n < len(values[name]) for name, n in options.items())


def _fits(case: Case, data: Mapping[str, Any]) -> bool:
    """Whether an example of these fields can be drawn from the case as it is now."""
    names = set(case.parsed.names if case.parsed and case.inputs is None else ())
    optional = set(case.parsed.optional if case.parsed else ())
    sizes = data.get("sizes", {})
    return (
        set(data) <= {part.name for part in fields(Example)}
        and isinstance(sizes, dict)
        and names - optional <= set(sizes) <= names
        and all(isinstance(size, int) and size >= 0 for size in sizes.values())
        and isinstance(data.get("seed", 0), int)
        and data.get("plant", "none") in PLANTS
        and data.get("layout", "C") in LAYOUTS
    )


def _tupled(value: Any) -> Any:
    return tuple(map(_tupled, value)) if isinstance(value, list) else value


def _short(token: str) -> str:
    return token if len(token) <= 20 else f"{token[:16]}..."
