"""What a process of xdist sends to the one that tells of the session."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Sequence
from dataclasses import replace

from gradcheck.report.events import CaseDone, CaseName


def packed(done: list[CaseDone]) -> str:
    """As a word."""
    plain = [replace(one, report=one.report and replace(one.report, example=None)) for one in done]
    return base64.b64encode(pickle.dumps(plain)).decode()


def unpacked(word: str) -> list[CaseDone]:
    """The same again."""
    found: list[CaseDone] = pickle.loads(base64.b64decode(word))
    return found


def named(cases: Sequence[CaseName]) -> list[list[str | int]]:
    """Names as lists, which xdist can send."""
    return [[case.target, case.name, case.number] for case in cases]


def unnamed(sent: Sequence[Sequence[str | int]]) -> list[CaseName]:
    """The same again."""
    return [CaseName(str(target), str(name), int(number)) for target, name, number in sent]
