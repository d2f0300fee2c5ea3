"""A baseline: wrong gradients that a team knows of, each with a reason and a date until which it is put up with.

A key is the file of the case, its name, the code, and the trimmed line of the backward: what is added above moves no
key, and whoever edits the line itself is asked again. One entry a key: a count would accept that one failure goes and
another one comes. What an entry says must still be so: one whose failure is gone, whose case is gone, or whose date has
passed fails the run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.report import Verdict
from gradcheck.report.events import CaseDone, CaseName
from gradcheck.report.origins import headline_line

from .limits import BASELINE_LONGEST
from .writers.output import Output

VERSION = 1


@dataclass(frozen=True, order=True)
class Key:
    """One failure; ``file`` relative to the folder of the baseline."""

    file: str
    case: str
    code: str
    line: str

    def __str__(self) -> str:
        at = f" at `{self.line}`" if self.line else ""
        return f"{self.file}::{self.case} {self.code}{at}"


@dataclass(frozen=True)
class Entry:
    """A failure that is put up with, why, and until when."""

    key: Key
    reason: str
    expires: date

    def __str__(self) -> str:
        return f"{self.reason}, until {self.expires}"


@dataclass(frozen=True)
class Baseline:
    """The entries of a file."""

    path: Path
    entries: Mapping[Key, Entry] = field(default_factory=dict)

    def keys(self, done: CaseDone) -> list[Key]:
        """The failures of a case, each once."""
        if done.report is None or done.report.verdict is not Verdict.WRONG:
            return []
        file, case = self._place(done.case)
        lines = [(finding.code, headline_line(finding)) for finding in done.report.errors]
        return list(dict.fromkeys(Key(file, case, code, line.code if line else "") for code, line in lines))

    def _file(self, target: str) -> str:
        """Where a case is from, seen from the folder of the baseline; a module by its file, where that lies here."""
        path = Path(target)
        if not target.endswith(".py"):
            file, package = (Path(*target.split(".")).with_suffix(".py"), Path(*target.split("."), "__init__.py"))
            path = next((found for found in (file, package) if found.exists()), path)
            if path == Path(target):
                return target
        return Path(os.path.relpath(path.resolve(), self.path.parent.resolve())).as_posix()

    def accepted(self, done: CaseDone, today: date) -> str:
        """Why and until when a wrong case is put up with; empty where one of its errors is not listed, or no longer."""
        entries = [self.entries.get(key) for key in self.keys(done)]
        lasting = [entry for entry in entries if entry is not None and today <= entry.expires]
        if not entries or len(lasting) < len(entries):
            return ""
        return "; ".join(dict.fromkeys(map(str, lasting)))

    def gone(self, done: Sequence[CaseDone], names: Collection[CaseName]) -> dict[Key, str]:
        """What is no longer as the entries say, one sentence each.

        Asked of the cases that were judged, and of files of which every case is among ``names``: what a run left out
        may be as it was.
        """
        decided = (Verdict.CORRECT, Verdict.WRONG)
        judged = {self._place(one.case) for one in done if one.report is not None and one.report.verdict in decided}
        found = {key for one in done for key in self.keys(one)}
        known = {self._place(name) for name in names}
        files = {file for file, _ in known}
        said = {}
        for key in sorted(self.entries):
            there = (key.file, key.case)
            if there in judged and key not in found:
                said[key] = f"{key} is not found any more: take it out"
            elif (key.file in files and there not in known) or self._is_gone(key):
                said[key] = f"{key} is of a case that does not exist: take it out"
        return said

    def expired(self, done: Sequence[CaseDone], today: date) -> Iterator[str]:
        """Of the failures that were found again, those that are put up with no longer."""
        found = {key for one in done for key in self.keys(one)}
        for key, entry in sorted(self.entries.items()):
            if key in found and today > entry.expires:
                yield f"{key} expired on {entry.expires} ({entry.reason}): mend it, or say until when it lasts"

    def _place(self, name: CaseName) -> tuple[str, str]:
        return self._file(name.target), _name(name)

    def _is_gone(self, key: Key) -> bool:
        return key.file.endswith(".py") and not (self.path.parent / key.file).exists()

    def updated(self, done: Sequence[CaseDone], names: Collection[CaseName], reason: str, expires: date) -> Baseline:
        """With the failures that there are now; what was listed before keeps its reason and its date."""
        gone = self.gone(done, names)
        kept = {key: entry for key, entry in self.entries.items() if key not in gone}
        new = {key: Entry(key, reason, expires) for one in done for key in self.keys(one)}
        return Baseline(self.path, {**new, **kept})

    def write(self) -> None:
        """Write it whole or not at all; UsageError where it cannot be written."""
        rows = [
            {**asdict(key), "reason": entry.reason, "expires": entry.expires.isoformat()}
            for key, entry in sorted(self.entries.items())
        ]
        text = json.dumps({"version": VERSION, "known": rows}, indent=2, ensure_ascii=False) + "\n"
        Output("--baseline", str(self.path)).write(text)


def _name(case: CaseName) -> str:
    return str(case) if case.number == 0 else f"{case} ({case.number + 1})"


def read_baseline(path: str | Path) -> Baseline:
    """Read a baseline; UsageError with one sentence where it is missing, cut short, of another version, or none."""
    path = Path(path)
    data = _read(path)
    if not isinstance(data, dict) or "version" not in data:
        raise UsageError(f"{path} is no baseline: write one by gradcheck run --baseline {path} --update-baseline")
    if data["version"] != VERSION:
        raise UsageError(f"{path} was written by another version of gradcheck ({data['version']!r}): write it anew")
    rows = data.get("known")
    if set(data) != {"version", "known"} or not isinstance(rows, list):
        raise UsageError(f"{path} is no baseline: beside its version it has a list, known, and nothing else")
    entries: dict[Key, Entry] = {}
    for number, row in enumerate(rows, 1):
        entry = _entry(row, f"entry {number} of {path}")
        if entry.key in entries:
            raise UsageError(f"entry {number} of {path} is there twice: {entry.key}")
        entries[entry.key] = entry
    return Baseline(path, entries)


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > BASELINE_LONGEST:
            raise UsageError(f"{path} is no baseline: it has {path.stat().st_size} bytes")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the baseline {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"the baseline {path} is not JSON, or only a part of it: write it anew") from None


def _entry(row: Any, where: str) -> Entry:
    names = [*(part.name for part in fields(Key)), "reason", "expires"]
    if not isinstance(row, dict) or set(row) != set(names) or not all(isinstance(row[name], str) for name in names):
        raise UsageError(f"{where} is not as it should be: it has {_listed(names)}, each a string")
    try:
        expires = date.fromisoformat(row["expires"])
    except ValueError:
        raise UsageError(f"{where} expires on {row['expires']!r}: write a date as 2027-01-31") from None
    if not row["reason"].strip():
        raise UsageError(f"{where} gives no reason")
    return Entry(Key(*(row[part.name] for part in fields(Key))), row["reason"], expires)


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}"
