"""Each threshold moved fourfold both ways: the first check of a fixed table whose verdict changes, or how much work.

A table of near rows is asked first, and where none of them changes the far ones: the whole museum, the code of others,
mutants. What was answered is kept in ``build/limits.jsonl``, so that a run that was ended goes on where it was, as long
as the code is the same.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from .moved import names_of
from .table import Table

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "limits.jsonl"
PACKAGES = (
    "numerics",
    "trial",
    "laws",
    "precision",
    "generation",
    "protocol",
)  # those of the other packages move no verdict
FACTORS = (0.25, 4.0)
PROCESSES = int(os.environ.get("GRADCHECK_BENCHMARKS_PROCESSES", "2"))
SECONDS = ("Seconds", "Of the time", "Times the seconds", "Times that of the case")  # these bound the time alone

Said = tuple[str, int, int]  # verdict, forwards, backwards
Answers = dict[str, Said]


@dataclass(frozen=True)
class Limit:
    """A constant of a ``limits.py``: its value as it is written, and its unit, the start of what is said below it."""

    module: str
    name: str
    value: str
    unit: str


@dataclass(frozen=True)
class Task:
    """A limit, or none, to be moved, and the rows that are asked: near ones of a module, or the far ones of all."""

    module: str
    limit: str
    factor: float
    rows: str
    far: bool = False


@dataclass(frozen=True)
class Effect:
    """The first row that changes, and what it then says; where none does, the work of all rows, relative to usual."""

    row: str = ""
    said: str = ""
    work: float = 0.0

    def __str__(self) -> str:
        if self.row:
            return f"{self.row}: {self.said}"
        return f"{self.work:+.1%} calls" if abs(self.work) >= 0.0005 else ""


def run(small: bool) -> Sequence[Table]:
    """One table: a row a limit."""
    limits = [limit for package in PACKAGES for limit in limits_of(package) if not limit.unit.startswith(SECONDS)]
    asking = Asking(small)
    modules = [f"gradcheck.{package}.limits" for package in PACKAGES]
    usual = asking.all([Task("", "", 1.0, module) for module in modules], {})
    near = dict(zip(modules, usual, strict=True))
    moves = [(limit, factor) for limit in limits for factor in FACTORS]
    tasks = [Task(limit.module, limit.name, factor, limit.module) for limit, factor in moves]
    effects = dict(zip(moves, asking.effects(tasks, near), strict=True))
    if not small:
        (far,) = asking.all([Task("", "", 1.0, "", far=True)], {})
        again = [move for move in moves if not any(effects[move[0], factor].row for factor in FACTORS)]
        tasks = [Task(limit.module, limit.name, factor, "", far=True) for limit, factor in again]
        effects |= dict(zip(again, asking.effects(tasks, {"": far}), strict=True))
    asking.end()
    rows = [
        (limit.module.split(".")[1], limit.name, limit.value, limit.unit, *(str(effects[limit, f]) for f in FACTORS))
        for limit in limits
    ]
    still = [limit.name for limit in limits if not any(effects[limit, factor].row for factor in FACTORS)]
    counts = ", ".join(f"{len(rows)} of {module.split('.')[1]}" for module, rows in near.items())
    return [
        Table(
            f"limits: {len(limits)}, each moved fourfold, and the first row whose verdict changes ({counts})",
            ("package", "limit", "value", "unit", "at a quarter", "at four times"),
            rows,
            (f"{len(still)} move no verdict here: {', '.join(still)}",),
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


class Asking:
    """Processes that answer, and what they have answered before."""

    def __init__(self, small: bool) -> None:
        self.small = small
        self.state = code_state()
        self.kept = _read(self.state)
        self.free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self.processes = [_process() for _ in range(PROCESSES)]
        for process in self.processes:
            self.free.put(process)

    def effects(self, tasks: Sequence[Task], usual: Mapping[str, Answers]) -> list[Effect]:
        """What each move changes."""
        answers = self.all(tasks, usual)
        return [_effect(usual[task.rows], said) for task, said in zip(tasks, answers, strict=True)]

    def all(self, tasks: Sequence[Task], usual: Mapping[str, Answers]) -> list[Answers]:
        """The answers to every task, ``usual`` by the rows that are asked."""
        with ThreadPoolExecutor(PROCESSES) as pool:
            return list(pool.map(lambda task: self.ask(task, usual.get(task.rows, {})), tasks))

    def ask(self, task: Task, usual: Answers) -> Answers:
        """The answers to one, from what is kept where it was asked before."""
        key = json.dumps([task.module, task.limit, task.factor, task.rows, task.far, self.small])
        if key not in self.kept:
            process = self.free.get()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({**vars(task), "small": self.small, "usual": usual}) + "\n")
            process.stdin.flush()
            self.kept[key] = {name: tuple(said) for name, said in json.loads(process.stdout.readline())}
            self.free.put(process)
            KEPT.parent.mkdir(exist_ok=True)
            with KEPT.open("a", encoding="utf-8") as file:
                file.write(json.dumps([self.state, key, self.kept[key]]) + "\n")
            effect = _effect(usual, self.kept[key]) if usual else f"{len(self.kept[key])} rows"
            print(f"{task.limit or 'as it is'} {task.factor:g}{' far' if task.far else ''}: {effect}", file=sys.stderr)
        return self.kept[key]

    def end(self) -> None:
        """Let the processes go."""
        for process in self.processes:
            process.communicate()


def _effect(usual: Answers, said: Answers) -> Effect:
    for name, (verdict, _, _) in said.items():
        if name in usual and verdict != usual[name][0]:
            slow = "does not end" if name == "ended" else f"{verdict} instead of {usual[name][0]}"
            return Effect(name, slow)
    before, after = (sum(forwards + backwards for _, forwards, backwards in rows.values()) for rows in (usual, said))
    return Effect(work=after / before - 1)


def code_state() -> str:
    """A name for what the code does: it changes with it, and not with comments and docstrings."""
    found = hashlib.sha256()
    files = [path for folder in ("gradcheck", "tests", "manual_bp") for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in [*files, *sorted((ROOT / "benchmarks").glob("*mov*.py")), ROOT / "benchmarks" / "limit_rows.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [one for one in body if not _is_text(one)]  # type: ignore[attr-defined]
        found.update(ast.dump(tree).encode())
    return found.hexdigest()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _read(state: str) -> dict[str, Answers]:
    if not KEPT.exists():
        return {}
    lines = [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()]
    return {key: {name: tuple(said) for name, said in rows.items()} for of, key, rows in lines if of == state}


def _process() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.moved"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
    )
