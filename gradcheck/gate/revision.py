"""The files of a repository at a revision of git, and what differs from them in the working tree.

Two versions of a file are compared by the names at its top level: a function is changed where its syntax tree is.
Comments and blanks change nothing.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Collection
from functools import cache
from pathlib import Path

from gradcheck.errors import UsageError

from .depends import Name

_VALUES = ("Assign(", "AnnAssign(", "AugAssign(")


class Revision:
    """The files of a repository as they were at a revision, beside how they are in the working tree."""

    def __init__(self, base: str, folder: Path) -> None:
        top = _git(folder, "rev-parse", "--show-toplevel")
        if top is None:
            raise UsageError(f"--changed asks git, and {folder} lies in no repository of it")
        commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
        if commit is None:
            raise UsageError(f"--changed {base}: git knows no such revision; in a shallow clone it has to be fetched")
        self.root = Path(top.strip()).resolve()
        self.commit = commit.strip()
        self._old = cache(self._read_old)
        self._new = cache(self._read_new)

    def is_own(self, file: str) -> bool:
        """Whether a file belongs to the repository, and is no installed package in it."""
        path = Path(file)
        return (
            path.suffix == ".py"
            and path.resolve().is_relative_to(self.root)
            and not {"site-packages", "dist-packages"} & set(path.parts)
        )

    def differs(self, name: Name) -> bool:
        """Whether what a name stands for is not what it was; True where that cannot be read."""
        file, word = name
        old, new = self._old(file), self._new(file)
        if old is None or new is None:
            return True
        if word not in new:
            return old != new
        return old.get(word) != new[word]

    def is_other_value(self, name: Name) -> bool:
        """Whether a name stands for a value, no function and no class, that is not what it was."""
        file, word = name
        new = self._new(file)
        return bool(new and any(written.startswith(_VALUES) for written in new.get(word, ()))) and self.differs(name)

    def differs_elsewhere(self, file: str, apart: Collection[str]) -> bool:
        """Whether a file differs in anything but these names."""
        old, new = self._old(file), self._new(file)
        if old is None or new is None:
            return True
        return {k: v for k, v in old.items() if k not in apart} != {k: v for k, v in new.items() if k not in apart}

    def _read_old(self, file: str) -> dict[str, list[str]] | None:
        known = Path(file).resolve().relative_to(self.root).as_posix()
        return _pieces(_git(self.root, "show", f"{self.commit}:{known}"))

    def _read_new(self, file: str) -> dict[str, list[str]] | None:
        try:
            return _pieces(Path(file).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return None


def _git(folder: Path, *words: str) -> str | None:
    """What git answers; None where it refuses."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, encoding="utf-8", errors="replace", check=False
        )
    except OSError:
        raise UsageError("--changed asks git, and there is no command git") from None
    return done.stdout if done.returncode == 0 else None


def _pieces(text: str | None) -> dict[str, list[str]] | None:
    """The statements at the top level of a source, by the names that they bind; "" for those that bind none."""
    try:
        tree = None if text is None else ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    if tree is None:
        return None
    found: dict[str, list[str]] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        written = ast.dump(statement)
        for name in _bound(statement) or {""}:
            found.setdefault(name, []).append(written)
    return found


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found
