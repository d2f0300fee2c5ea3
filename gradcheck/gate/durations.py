"""How long each case took when it was judged last, so that several workers begin with the longest.

A long case that is begun last leaves the other workers idle. What is said stays in the order of the cases.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from gradcheck.generation.storage import cache_folder
from gradcheck.report.events import CaseName

from .limits import TIMED
from .loading import place_of_source


class Durations:
    """Seconds by case, in a file among the user's caches; where that cannot be read or written nothing is known."""

    def __init__(self, folder: Path | None = None) -> None:
        self.file = (folder or cache_folder()) / "seconds.json"
        self._known = _read(self.file)

    def longest_first(self, names: Sequence[CaseName]) -> list[int]:
        """The numbers of the cases in the order in which to begin them; those that nobody knows are the first."""
        seconds = [self._known.get(_key(name), math.inf) for name in names]
        return sorted(range(len(names)), key=lambda number: -seconds[number])

    def keep(self, took: Iterable[tuple[CaseName, float]]) -> None:
        """Keep what cases took now, and of other runs the latest; two runs at once keep what the later one knows."""
        now = {_key(name): round(seconds, 3) for name, seconds in took}
        kept = [item for item in _read(self.file).items() if item[0] not in now]
        kept = [*kept, *now.items()][-TIMED:]
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(dict(kept), file)
            os.replace(name, self.file)


def _read(file: Path) -> Mapping[str, float]:
    """What a file holds: a number of seconds for each key, and nothing where it holds anything else."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if type(value) in (int, float) and math.isfinite(value)}


def _key(name: CaseName) -> str:
    """A file by its whole path, a module in its folder: the same name elsewhere is another case."""
    place = place_of_source(name.target) if name.target.endswith(".py") else f"{Path.cwd()}::{name.target}"
    return f"{place}::{name.name}::{name.number}"
