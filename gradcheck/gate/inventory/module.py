"""One source file as its syntax tree: what it defines, what it imports, what each part of it names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Chain = tuple[str, ...]
"""A dotted name: ``("torch", "autograd", "Function")``."""


@dataclass(frozen=True)
class Imported:
    """What a name was imported as: a module, or a name of one."""

    module: str
    name: str | None = None


@dataclass(eq=False)
class Module:
    """A file; ``name`` is how it would be imported from the folder that its outermost package lies in."""

    path: Path
    shown: str
    name: str
    tree: ast.Module
    text: str = ""
    defined: dict[str, list[ast.AST]] = field(default_factory=dict)
    imported: dict[str, Imported] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    @staticmethod
    def of(path: Path, shown: str, text: str) -> Module:
        """Read a file; SyntaxError, or ValueError, where it is no Python."""
        module = Module(path, shown, module_name(path), ast.parse(text), text)
        for statement in module.tree.body:
            module._read(statement)
        for node in module.nodes:
            module._read_import(node)
        return module

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything in it."""
        return list(ast.walk(self.tree))

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    def _read(self, statement: ast.AST) -> None:
        """Keep what a statement at the top level defines, in whatever block of the top level it stands."""
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.defined.setdefault(statement.name, []).append(statement)
        elif isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
            for part in ast.iter_child_nodes(statement):
                self._read(part)
        elif isinstance(statement, ast.ExceptHandler):
            for part in statement.body:
                self._read(part)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name):
                        self.defined.setdefault(node.id, []).append(statement)

    def _read_import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                known = alias.name if alias.asname else alias.name.partition(".")[0]
                self.imported[alias.asname or known] = Imported(known)
        elif isinstance(node, ast.ImportFrom):
            source = self._absolute(node)
            for alias in node.names:
                if alias.name == "*":
                    self.stars.append(source)
                else:
                    self.imported[alias.asname or alias.name] = Imported(source, alias.name)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package.split(".") if self.package else []
        above = parts[: len(parts) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])

    def full(self, chain: Chain) -> Chain:
        """A dotted name with the import that it starts with written out: ``F.apply`` as ``torch.autograd...``."""
        known = self.imported.get(chain[0])
        if known is None:
            return chain
        own = (known.name,) if known.name else ()
        return (*known.module.split("."), *own, *chain[1:])


def module_name(path: Path) -> str:
    """How a file is imported: dotted from the folder above its outermost package."""
    parts = [] if path.name == "__init__.py" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists() and folder.parent != folder:
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def chain_of(node: ast.AST) -> Chain | None:
    """A name, dotted or not; None of anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return (node.id, *parts) if isinstance(node, ast.Name) else None


def chains_in(node: ast.AST) -> Iterator[Chain]:
    """Every dotted name that is read in a node, the longest of each."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        chain = chain_of(part) if isinstance(part, ast.Attribute | ast.Name) else None
        if chain is not None:
            yield chain
        else:
            waiting += ast.iter_child_nodes(part)
