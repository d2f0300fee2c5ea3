"""Each threshold moved fourfold both ways: which checks of a fixed table change their verdict."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from .limit_rows import rows
from .moved import names_of
from .table import Table

ROOT = Path(__file__).parents[1]
PACKAGES = ("numerics", "trial", "generation", "protocol")  # those of the other packages move no verdict
FACTORS = (0.25, 4.0)
PROCESSES = 2
NAMED = 4  # rows that are named in the table; all are counted


@dataclass(frozen=True)
class Limit:
    """A constant of a ``limits.py``: its value as it is written, and its unit, the start of what is said below it."""

    module: str
    name: str
    value: str
    unit: str


def run(small: bool) -> Sequence[Table]:
    """One table: a row a limit."""
    limits = [limit for package in PACKAGES for limit in limits_of(package)]
    tasks = [("", "", 1.0), *((limit.module, limit.name, factor) for limit in limits for factor in FACTORS)]
    answers = _answers(tasks, small)
    usual = answers["", 1.0]
    table = []
    for limit in limits:
        down, up = (
            _changed(usual, answers[f"{limit.module}.{limit.name}", factor], limit, small) for factor in FACTORS
        )
        table.append((limit.module.split(".")[1], limit.name, limit.value, limit.unit, _said(down), _said(up)))
    still = [limit[1] for limit in table if not limit[4] and not limit[5]]
    return [
        Table(
            f"limits: {len(limits)}, each moved fourfold, and the rows of {len(usual)} whose verdict changes",
            ("package", "limit", "value", "unit", "at a quarter", "at four times"),
            table,
            (f"{len(still)} move nothing here: {', '.join(still)}",),
        )
    ]


def limits_of(package: str) -> list[Limit]:
    """The limits of a package, in the order of the file."""
    module = f"gradcheck.{package}.limits"
    body = ast.parse((ROOT / "gradcheck" / package / "limits.py").read_text(encoding="utf-8")).body
    found = []
    for statement, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.Assign):
            says = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            text = str(below.value.value) if says else ""
            unit = text.replace("\n", " ").split(":")[0].split(",")[0].split(".")[0][:40]
            found += [Limit(module, name, ast.unparse(statement.value), unit) for name in names_of(statement)]
    return found


def _answers(tasks: Sequence[tuple[str, str, float]], small: bool) -> dict[tuple[str, float], dict[str, str]]:
    """What every row says under every moved limit."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.moved"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        for _ in range(PROCESSES)
    ]
    for process in processes:
        free.put(process)

    def ask(task: tuple[str, str, float]) -> dict[str, str]:
        module, limit, factor = task
        process = free.get()
        assert process.stdin is not None
        assert process.stdout is not None
        question: dict[str, Any] = {"module": module, "limit": limit, "factor": factor, "small": small}
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        found = dict(json.loads(line))
        free.put(process)
        print(f"{limit or 'as it is'} {factor:g}: {len(found)} rows", file=sys.stderr, flush=True)
        return found

    with ThreadPoolExecutor(PROCESSES) as pool:
        answers = list(pool.map(ask, tasks))
    for process in processes:
        process.communicate()
    return {
        (f"{module}.{limit}".strip("."), factor): said
        for (module, limit, factor), said in zip(tasks, answers, strict=True)
    }


def _changed(usual: dict[str, str], said: dict[str, str], limit: Limit, small: bool) -> list[str]:
    """The rows that say something else, or nothing in their time."""
    asked = [name for name, _ in rows(limit.module, small)]
    return [name for name in asked if said.get(name) != usual[name]]


def _said(changed: Sequence[str]) -> str:
    more = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
    return ", ".join(changed[:NAMED]) + more
