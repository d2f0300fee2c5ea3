"""The parentheses that an edit can do without are taken away again."""

from __future__ import annotations

import ast
from dataclasses import replace

from gradcheck.source import Edit


def with_fewest_parentheses(edit: Edit, text: str) -> Edit:
    """The same program with as few parentheses in the edit as it needs."""
    wanted = _program(edit, text)
    shrinking = True
    while shrinking:
        shrinking = False
        for start, end in _pairs(edit.after):
            shorter = f"{edit.after[:start]}{edit.after[start + 1 : end]}{edit.after[end + 1 :]}"
            fewer = replace(edit, after=shorter)
            if _program(fewer, text) == wanted:
                edit, shrinking = fewer, True
                break
    return edit


def _program(edit: Edit, text: str) -> str | None:
    try:
        return ast.dump(ast.parse(edit.render(text)))
    except SyntaxError:
        return None


def _pairs(code: str) -> list[tuple[int, int]]:
    """Where parentheses open and close; those inside strings are left alone by never being a pair that can go."""
    found, open_at = [], []
    for place, letter in enumerate(code):
        if letter == "(":
            open_at.append(place)
        elif letter == ")" and open_at:
            found.append((open_at.pop(), place))
    return sorted(found)
