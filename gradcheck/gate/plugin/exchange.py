"""What a process of xdist sends to the one that tells of the session: JSON, as options of an op may not be pickled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from gradcheck.plain import from_plain, to_plain
from gradcheck.report.events import CaseDone, CaseName


@dataclass(frozen=True)
class _Sent:
    done: tuple[CaseDone, ...]


@dataclass(frozen=True)
class _Names:
    cases: tuple[CaseName, ...]


def packed(done: Sequence[CaseDone]) -> str:
    """As one string."""
    return json.dumps(to_plain(_Sent(tuple(done))))


def unpacked(text: str) -> list[CaseDone]:
    """The same again."""
    return list(from_plain(_Sent, json.loads(text)).done)


def named(cases: Sequence[CaseName]) -> str:
    """Names of cases as one string."""
    return json.dumps(to_plain(_Names(tuple(cases))))


def unnamed(text: str) -> list[CaseName]:
    """The same again."""
    return list(from_plain(_Names, json.loads(text)).cases)
