"""The inventory as SARIF 2.1.0, which code hosts show beside the lines."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote

from .coverage import Entry

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULE = "uncovered-backward"


def to_sarif(entries: Sequence[Entry]) -> str:
    """The uncovered backward passes as results, in the order of files and lines."""
    seen: Counter[str] = Counter()
    results = []
    for entry in entries:
        if not entry.is_covered:
            what = f"{entry.file}\n{entry.backward.kind}\n{entry.backward.name}"
            seen[what] += 1
            results.append(_result(entry, f"{what}\n{seen[what]}"))
    driver = {
        "name": "gradcheck",
        "version": _version(),
        "rules": [
            {
                "id": RULE,
                "shortDescription": {"text": "A backward pass that no case judges"},
                "help": {"text": "Write a gradcheck.Case for it in one of the case files."},
                "defaultConfiguration": {"level": "warning"},
            }
        ],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(entry: Entry, what: str) -> dict[str, Any]:
    backward = entry.backward
    region = {"startLine": backward.line, "endLine": backward.end}
    location = {"artifactLocation": {"uri": quote(entry.file), "uriBaseId": "%SRCROOT%"}, "region": region}
    return {
        "ruleId": RULE,
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": f"No case judges the backward of {backward.name} ({backward.kind})."},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"gradcheck/v1": hashlib.sha256(what.encode()).hexdigest()},
    }


def _version() -> str:
    try:
        return version("gradcheck")
    except PackageNotFoundError:
        return "0"
