"""A baseline: wrong gradients that a team knows of, each with a reason and a date until which it is put up with.

A key is the file of the case, its name, the code, and the trimmed line of the backward: what is added above moves no
key, and whoever edits the line itself is asked again. One entry a key: a count would accept that one failure goes and
another one comes. What an entry says must still be so: one whose failure is gone, whose case is gone, or whose date has
passed fails the run.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from gradcheck.report import Verdict
from gradcheck.report.events import CaseDone, CaseName
from gradcheck.report.origins import headline_line


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


def _name(case: CaseName) -> str:
    return str(case) if case.number == 0 else f"{case} ({case.number + 1})"
