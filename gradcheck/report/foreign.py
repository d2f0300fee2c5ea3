"""Strings that are not ours, as they may be printed: what a terminal, a log or a page would obey is spelt out."""

from __future__ import annotations

import re

from .limits import LONGEST_NAME

_OBEYED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters but the line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"  # other ends of lines, and what is no character
)


def printable(text: str) -> str:
    """Text of several lines: no escape sequence in it moves a cursor or rings a bell."""
    return _OBEYED.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def one_line(text: str, most: int | None = LONGEST_NAME) -> str:
    """A name or a sentence on one line, at most so many characters of it; the middle goes first."""
    line = printable(text).replace("\n", "\\n")
    if most is None or len(line) <= most:
        return line
    before = (most - 1) // 2
    return f"{line[:before]}…{line[len(line) - (most - 1 - before) :]}"
