"""Where a command prints, and whether in colours."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO

from rich.console import Console


def console_on(stream: IO[str] | None, color: str = "auto") -> Console:
    """Print on a stream, line by line as they are: no line is folded."""
    colored = in_colors(stream, color)
    return Console(
        file=stream,
        soft_wrap=True,
        force_terminal=colored or is_watched(stream),  # rich would take FORCE_COLOR for a terminal
        color_system="standard" if colored else None,
        no_color=not colored,
        legacy_windows=False,
    )


def in_colors(stream: IO[str] | None, color: str, environment: Mapping[str, str] = os.environ) -> bool:
    """What was asked for, else what the environment says, else whether somebody looks."""
    if color != "auto":
        return color == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return True
    return is_watched(stream, environment)


def is_watched(stream: IO[str] | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a stream ends in a terminal that can move its cursor; nothing in the environment makes one of a log."""
    if environment.get("TERM") in ("dumb", "unknown"):
        return False
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it is closed
        return False


def columns(stream: IO[str] | None) -> int | None:
    """The width of the terminal behind a stream; None where there is none, and nothing needs to fit."""
    if not is_watched(stream, {}):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None if stream else None
    except (OSError, ValueError):
        return None
