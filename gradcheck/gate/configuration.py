"""What ``[tool.gradcheck]`` in a project's `pyproject.toml` says, checked: bare ``gradcheck run`` is the gate then."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradcheck.errors import UsageError

FILE, TABLE = "pyproject.toml", "gradcheck"


@dataclass(frozen=True)
class Configuration:
    """What was said, by the name of the option; paths as they are seen from the working directory."""

    path: Path | None = None
    said: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """What is said of an option; None where nothing is."""
        return self.said.get(name)


def _whole(least: int) -> Callable[[Any], str]:
    def refusal(value: Any) -> str:
        right = isinstance(value, int) and not isinstance(value, bool) and value >= least
        return "" if right else f"a whole number, {least} or larger"

    return refusal


def _seconds(value: Any) -> str:
    right = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")
    return "" if right else "a number of seconds, larger than 0"


def _paths(value: Any) -> str:
    right = isinstance(value, list) and value and all(isinstance(part, str) and part.strip() for part in value)
    return "" if right else 'a list of strings, ["tests/cases.py"]'


def _path(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else 'a string, "gradcheck-baseline.json"'


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "true or false"


OPTIONS: dict[str, Callable[[Any], str]] = {
    "cases": _paths,
    "examples": _whole(1),
    "seed": _whole(0),
    "timeout": _seconds,
    "least-examples": _whole(1),
    "workers": _whole(1),
    "baseline": _path,
    "fail-fast": _flag,
    "inventory": _paths,
}
"""By name: what a value must be, in words; empty where it is."""


def read_configuration(folder: Path | None = None) -> Configuration:
    """Read the nearest `pyproject.toml` at or above a folder that has the table, not beyond the repository it lies in.

    UsageError with one sentence for a file that cannot be read, a key that does not exist, and a value of another kind.
    """
    folder = (folder or Path.cwd()).resolve()
    for place in (folder, *folder.parents):
        path = place / FILE
        if path.is_file():
            table = _table(path)
            if table is not None:
                return Configuration(path, _checked(table, path))
        if (place / ".git").exists():
            break
    return Configuration()


def _table(path: Path) -> Any:
    shown = os.path.relpath(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown} is no TOML: {' '.join(str(error).split())}") from None
    tools = data.get("tool")
    return tools.get(TABLE) if isinstance(tools, dict) else None


def _checked(table: Any, path: Path) -> dict[str, Any]:
    where = f"[tool.{TABLE}] of {os.path.relpath(path)}"
    if not isinstance(table, dict):
        raise UsageError(f"{where} is a {type(table).__name__}: it is a table of options")
    for name, value in table.items():
        if name not in OPTIONS:
            near = difflib.get_close_matches(name, OPTIONS, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(OPTIONS)}"
            raise UsageError(f"{where} has the key {name!r}, which does not exist; {hint}")
        kind = OPTIONS[name](value)
        if kind:
            raise UsageError(f"{name} in {where} is {value!r}: it is {kind}")
    return {name: _placed(name, value, path.parent) for name, value in table.items()}


def _placed(name: str, value: Any, folder: Path) -> Any:
    """A value in which paths are seen from the working directory."""
    if OPTIONS[name] is _path:
        return _from_here(value, folder)
    return tuple(_from_here(part, folder) for part in value) if OPTIONS[name] is _paths else value


def _from_here(target: str, folder: Path) -> str:
    """A path, with a case behind it or without, relative to the working directory; a module as it is."""
    path, colons, case = target.partition("::")
    if path.endswith(".py") or "/" in path or (folder / path).exists():
        path = os.path.relpath(folder / path)
    return f"{path}{colons}{case}"
