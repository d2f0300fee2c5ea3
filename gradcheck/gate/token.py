"""A token: target, case and example in one word, for `gradcheck replay`."""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.generation import Example
from gradcheck.generation.example import can_be_drawn
from gradcheck.generation.layouts import LAYOUTS
from gradcheck.generation.memory import is_too_large
from gradcheck.generation.options import alternatives, numbered
from gradcheck.generation.plants import PLANTS
from gradcheck.plain import dumps, from_plain, loads, some_fields
from gradcheck.protocol import Case, name_inputs
from gradcheck.report import Report

from .limits import LARGEST, LONGEST

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
    packed = zlib.compress(dumps(data).rstrip(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_token(token: str) -> Again:
    """Read a token; raise UsageError with one sentence where it is damaged, made by hand, or of another version."""
    data = _unpacked(token)
    if data and data[0] != VERSION:
        raise UsageError(f"{_short(token)} was printed by another version of gradcheck: run the case again")
    names = [part.name for part in fields(Again)]
    try:
        again = from_plain(Again, dict(zip(names, data[1:], strict=True)))
        if again.example is not None:
            _check(some_fields(Example, again.example))
        _demand(again.target and again.case and again.number >= 0 and again.examples >= 1 and again.seed >= 0)
    except ValueError:
        raise UsageError(
            f"{_short(token)} is no token: copy all of the word that a report prints after `replay`"
        ) from None
    return again


def _unpacked(token: str) -> list[Any]:
    """The list in a token; empty where there is none, or only a part of one."""
    try:
        reader = zlib.decompressobj()
        text = reader.decompress(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), LONGEST)
        data = loads(text) if reader.eof else []
    except (ValueError, zlib.error):
        return []
    return data if isinstance(data, list) and data and type(data[0]) is int else []


def _check(data: Mapping[str, Any]) -> None:
    """Raise ValueError for values that no example of any case has."""
    sizes = [*data.get("sizes", {}).values(), *chain(*data.get("loops", ()))]
    scales = data.get("scale", 1.0)
    borders = chain(*data.get("borders", {}).values())
    _demand(all(0 <= size <= LARGEST for size in sizes))
    _demand(0 <= data.get("seed", 0) <= LARGEST)
    _demand(
        scales != () and all(0 < scale < math.inf for scale in (scales if isinstance(scales, tuple) else (scales,)))
    )
    _demand(data.get("plant", "none") in PLANTS and data.get("layout", "C") in LAYOUTS)
    _demand(all(map(math.isfinite, borders)))


def _demand(fits: object) -> None:
    if not fits:
        raise ValueError


def example_of(again: Again, case: Case) -> Example:
    """The example that a token means; UsageError where the case has changed so much that it has none such."""
    data = some_fields(Example, again.example or {})
    options = data.pop("options", {})
    values = alternatives(case)
    if not (_fits_options(values, options) and _fits(case, Example(**data))):
        raise UsageError(
            f"case {case} of {again.target} has changed since the token was printed, and has no such example: "
            f"gradcheck run {again.target}::{case}"
        )
    chosen = {name: found[options.get(name, 0)] for name, found in values.items()}
    return Example(**data, options=chosen)


def _fits_options(values: Mapping[str, Sequence[Any]], options: Mapping[str, Any]) -> bool:
    return set(options) <= set(values) and all(
        type(number) is int and 0 <= number < len(values[name]) for name, number in options.items()
    )


def _fits(case: Case, example: Example) -> bool:
    """Whether this example can be drawn from the case as it is now."""
    if case.parsed is None or case.inputs is not None:
        return not example.sizes and not example.loops
    names, optional = set(case.parsed.names), set(case.parsed.optional)
    if not names - optional <= set(example.sizes) <= names or not _fits_loops(case, example.loops):
        return False
    inputs = name_inputs(case.op, len(case.parsed.inputs), case.options or ())
    known = example.where is None or example.where in inputs
    return known and can_be_drawn(case, example) and not is_too_large(case, example)


def _fits_loops(case: Case, loops: Sequence[Sequence[int]]) -> bool:
    if not loops:
        return True
    try:
        np.broadcast_shapes(*map(tuple, loops))
    except ValueError:
        return False
    return case.broadcast and case.parsed is not None and len(loops) == len(case.parsed.inputs)


def _short(token: str) -> str:
    if not token.strip():
        return repr(token)
    return token if len(token) <= 20 else f"{token[:16]}..."
