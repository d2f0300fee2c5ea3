"""What somebody else wrote, as it may be printed: names, messages of exceptions, whatever an object says of itself.

A terminal obeys control characters: a name could erase the line above it, or print a row of its own.
"""

from __future__ import annotations

from typing import Any

from .limits import MOST


def shown(text: object, most: int = MOST) -> str:
    """A string on one line: what a terminal would obey or not show is escaped, and what is too long is cut short."""
    whole = text if type(text) is str else said(text)
    cut = whole if len(whole) <= most else f"{whole[: most - 4]} ..."
    return cut if cut.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in cut)


def shown_lines(text: str) -> str:
    """A text of several lines, each as it may be printed, of whatever length."""
    if text.isprintable():
        return text
    return "\n".join(shown(line, len(line) + 4) for line in text.split("\n"))


def said(value: object) -> str:
    """``str`` of somebody else's object, which may fail in any way, or answer with a string of a class of its own."""
    return _asked(str, value)


def repeated(value: object) -> str:
    """``repr`` of somebody else's object, on one line and cut short."""
    return shown(_asked(repr, value))


def message_of(error: BaseException) -> str:
    """``ValueError: what it says`` on one line."""
    text = " ".join(said(error).split())
    return shown(f"{type(error).__name__}: {text or 'no message'}")


def _asked(how: Any, value: object) -> str:
    try:
        return str.__str__(how(value))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - it is somebody else's code that runs here
        return f"<a {type(value).__name__} whose text raises {type(error).__name__}>"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
