"""One limit moved, in a process of its own.

Where it is asked for in functions only, it is replaced in every module that has imported it; where a default or another
value is made of it when a module is loaded, all of ours is loaded again, with another module of limits from the start.
Run as ``python -m benchmarks.moved``: it loads everything once and forks a child for each line of its input,
``{"module": ..., "limit": ..., "factor": ..., "rows": ..., "small": ..., "far": ..., "usual": ...}``, whose answers are
a line of its output. A child stops at the first row whose verdict is not the usual one.
"""

from __future__ import annotations

import ast
import json
import os
import select
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

OURS = ("gradcheck", "tests", "benchmarks.limit_rows")
SECONDS = 240.0  # ten times what the rows take: with some limits moved nothing ends


def moved(value: Any, factor: float) -> Any:
    """A limit, of one or several numbers, times a factor; whole ones stay whole, and at least 1."""
    if isinstance(value, dict):
        return {key: moved(one, factor) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(moved(one, factor) for one in value)
    return max(1, round(value * factor)) if isinstance(value, int) else value * factor


class Moving(SourceFileLoader):
    """Loads a module and moves one of its names right where it is set, so that what follows from it moves too."""

    limit: str
    factor: float

    def exec_module(self, module: ModuleType) -> None:
        """Carry out the module with one statement more."""
        tree = ast.parse(self.get_data(self.path))
        place = next(number for number, statement in enumerate(tree.body) if self.limit in names_of(statement))
        tree.body.insert(place + 1, ast.parse(f"{self.limit} = __moved__({self.limit}, {self.factor})").body[0])
        module.__dict__["__moved__"] = moved
        exec(compile(ast.fix_missing_locations(tree), self.path, "exec"), module.__dict__)


class Finder(MetaPathFinder):
    """Finds one module, to be loaded with a limit moved."""

    def __init__(self, module: str, limit: str, factor: float) -> None:
        self.module, self.limit, self.factor = module, limit, factor

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module where Python would find it."""
        spec = PathFinder.find_spec(fullname, path) if fullname == self.module else None
        if spec is not None and spec.origin is not None:
            spec.loader = loader = Moving(fullname, spec.origin)
            loader.limit, loader.factor = self.limit, self.factor
        return spec


def names_of(statement: ast.stmt) -> list[str]:
    """The constants that a statement of a module sets."""
    if not isinstance(statement, ast.Assign):
        return []
    return [node.id for node in ast.walk(statement.targets[0]) if isinstance(node, ast.Name) and node.id.isupper()]


def ours() -> dict[str, ModuleType]:
    """The modules of ours that are loaded."""
    return {name: module for name, module in sys.modules.items() if name.startswith(OURS)}


def is_frozen(module: ModuleType, limit: str) -> bool:
    """Whether a module makes something of a limit when it is loaded: outside of every body of a function."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = []
    loads = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return any(node.id == limit for node in loads)


def move(module: str, limit: str, factor: float) -> None:
    """Move a limit in every module that has it."""
    usual = getattr(sys.modules[module], limit)
    having = {name: one for name, one in ours().items() if one.__dict__.get(limit) is usual}
    if any(is_frozen(one, limit) for one in having.values()):
        for name in ours():
            del sys.modules[name]
        sys.meta_path.insert(0, Finder(module, limit, factor))
        return
    for one in having.values():
        setattr(one, limit, moved(usual, factor))


def answer(task: dict[str, Any], out: int) -> None:
    """Ask every row and write verdict, forwards and backwards, each a line; up to the first that is not as usual."""
    if task["limit"]:
        move(task["module"], task["limit"], task["factor"])
    usual = task["usual"]
    for name, question in import_module("benchmarks.limit_rows").rows(task["rows"], task["small"], task["far"]):
        try:
            report = question()
            said = [str(report.verdict.value), report.forwards, report.backwards]
        except Exception as error:  # noqa: BLE001 - with a limit moved our own code may raise anything
            said = [type(error).__name__, 0, 0]
        os.write(out, (json.dumps([name, said]) + "\n").encode())
        if name in usual and said[0] != usual[name][0]:
            break


def asked(task: dict[str, Any]) -> list[list[Any]]:
    """The answers of a child, as far as it got in its time, and as the last one whether it got to its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            answer(task, writing)
        finally:
            os._exit(0)
    os.close(writing)
    text, ends, ended = b"", time.monotonic() + SECONDS, True
    while select.select([reading], [], [], max(0.0, ends - time.monotonic()))[0]:
        more = os.read(reading, 2**16)
        if not more:
            break
        text += more
    else:
        os.kill(child, 9)
        ended = False
    os.waitpid(child, 0)
    os.close(reading)
    return [*(json.loads(line) for line in text.decode().split("\n")[:-1]), ["ended", [str(ended), 0, 0]]]


def main() -> None:
    """Answer each line of the input."""
    rows = import_module("benchmarks.limit_rows").rows
    for _ in (*rows("", small=False), *rows("", small=False, far=True)):
        pass  # loads the modules that hold the rows
    import_module("hypothesis.strategies")
    import_module("torch").set_num_threads(1)
    for line in sys.stdin:
        print(json.dumps(asked(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
