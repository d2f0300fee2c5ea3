"""A baseline as a file of JSON, read with suspicion: somebody may have written it by hand, or cut it short."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from gradcheck.errors import UsageError

from .baseline import Baseline, Entry, Key
from .limits import BASELINE_LONGEST
from .writers.output import Output

VERSION = 1


def write_baseline(baseline: Baseline) -> None:
    """Write it whole or not at all; UsageError where it cannot be written."""
    rows = [
        {**asdict(key), "reason": entry.reason, "expires": entry.expires.isoformat()}
        for key, entry in sorted(baseline.entries.items())
    ]
    text = json.dumps({"version": VERSION, "known": rows}, indent=2, ensure_ascii=False) + "\n"
    Output("--baseline", str(baseline.path)).write(text)


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
    except FileNotFoundError:
        raise UsageError(f"the baseline {path} does not exist: gradcheck run --update-baseline writes it") from None
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
