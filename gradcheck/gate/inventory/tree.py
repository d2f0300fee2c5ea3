"""All source files below some folders, and which of them a name of one means in another."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from gradcheck.errors import UsageError

from .module import Chain, Module, chains_in

Place = tuple[Module, str]
"""A name at the top level of a module."""

_SKIPPED = {"__pycache__", "node_modules", "site-packages", "dist-packages"}


@dataclass
class Tree:
    """The modules that were read, and of the files that could not be the sentence that says why."""

    modules: list[Module] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def named(self, name: str, seen_from: Module) -> list[Module]:
        """The modules that an import means: by their full name, else those whose path ends so, the nearest first."""
        ends = self._by_end.get(name, [])
        found = [module for module in ends if module.name == name] or ends
        near = [module for module in found if module.path.parent == seen_from.path.parent]
        return near or found

    @cached_property
    def _by_end(self) -> dict[str, list[Module]]:
        """The modules by every end of their path, ``c``, ``b.c`` and ``a.b.c``; asked when all have been read."""
        found: dict[str, list[Module]] = {}
        for module in self.modules:
            parts = _path_parts(module)
            for start in range(len(parts)):
                found.setdefault(".".join(parts[start:]), []).append(module)
        return found

    def resolve(self, module: Module, chain: Chain, seen: frozenset[tuple[Module, Chain]] = frozenset()) -> set[Place]:
        """What a dotted name means in a module, followed through imports; empty where that is outside the tree."""
        if (module, chain) in seen:
            return set()
        seen |= {(module, chain)}
        if chain[0] in module.defined and chain[0] not in module.imported:
            return {(module, chain[0])}
        found: set[Place] = set()
        if chain[0] in module.imported:
            full = module.full(chain)
            for length in range(len(full) - 1, 0, -1):
                others = self.named(".".join(full[:length]), module)
                for other in others:
                    found |= self.resolve(other, full[length:], seen)
                if found:
                    break
        for star in module.stars if chain[0] not in module.imported else ():
            for other in self.named(star, module):
                found |= self.resolve(other, chain, seen)
        return found

    def reached(self, starts: set[Place]) -> set[Place]:
        """All that is named, directly or through what is named, from these places on."""
        found = set(starts)
        waiting = list(starts)
        known: dict[tuple[Module, Chain], set[Place]] = {}
        while waiting:
            module, name = waiting.pop()
            for node in module.defined.get(name, ()):
                for chain in set(chains_in(node)):
                    if (module, chain) not in known:
                        known[module, chain] = self.resolve(module, chain)
                    new = known[module, chain] - found
                    found |= new
                    waiting += new
        return found


def _path_parts(module: Module) -> list[str]:
    path = module.path.parent if module.path.name == "__init__.py" else module.path.with_suffix("")
    return list(path.parts)


def read_tree(paths: Sequence[str]) -> Tree:
    """Read every Python file at or below some paths; UsageError where there is none."""
    tree = Tree()
    for path in dict.fromkeys(file for name in paths for file in _files(name)):
        shown = os.path.relpath(path)
        try:
            tree.modules.append(Module.of(path, Path(shown).as_posix(), path.read_text(encoding="utf-8-sig")))
        except SyntaxError as error:
            tree.unread.append(f"{shown} is no Python: {error.msg} (line {error.lineno})")
        except (ValueError, RecursionError, MemoryError, OSError) as error:
            tree.unread.append(f"{shown} cannot be read: {' '.join(str(error).split())}")
    return tree


def read_beside(tree: Tree) -> Tree:
    """What the modules of a tree import of their own packages and folders, and what that imports of them."""
    found, known = Tree(), {module.path for module in tree.modules}
    waiting = list(tree.modules)
    while waiting:
        module = waiting.pop()
        new = [path for path in dict.fromkeys(_beside(module)) if path not in known]
        known.update(new)
        read = read_tree([str(path) for path in new])
        found.modules += read.modules
        found.unread += read.unread
        waiting += read.modules
    return found


def _beside(module: Module) -> Iterator[Path]:
    """The files that its imports mean, from the folder above its outermost package on, or from its own."""
    levels = len(module.package.split(".")) if module.package else 0
    folder = module.path.parent
    above = folder.parents[levels - 1] if levels else folder
    own = module.name.partition(".")[0] if levels else ""
    wanted = [(one.module, one.name) for one in module.imported.values()] + [(star, None) for star in module.stars]
    for source, name in wanted:
        for full in (source, f"{source}.{name}" if name else ""):
            parts = [part for part in full.split(".") if part]
            for start in {folder, above} if parts and (parts[0] == own or not levels) else {folder}:
                path = start.joinpath(*parts)
                files = (path.with_name(f"{path.name}.py"), path / "__init__.py") if parts else ()
                yield from (file for file in files if file.is_file())


def _files(name: str) -> Iterator[Path]:
    path = Path(name)
    if not name.strip():
        raise UsageError(f"{name!r} names no path: name a folder of sources, or a file")
    if not path.exists():
        raise UsageError(f"{name} does not exist")
    if path.is_file():
        yield path.resolve()
        return
    if not path.is_dir():
        raise UsageError(f"{name} is neither a folder nor a file")
    found = sorted(_below(path.resolve()))
    if not found:
        raise UsageError(f"{name} holds no Python file")
    yield from found


def _below(folder: Path) -> Iterator[Path]:
    """The Python files below a folder, without those of hidden folders and of environments."""
    for where, folders, files in os.walk(folder):
        folders[:] = [
            one
            for one in folders
            if one not in _SKIPPED and not one.startswith(".") and not (Path(where) / one / "pyvenv.cfg").exists()
        ]
        paths = (Path(where) / file for file in files if file.endswith(".py"))
        yield from (path for path in paths if path.is_file())  # to read a pipe would wait for its writer


def top_level(module: Module, line: int) -> str | None:
    """The name at the top level in whose definition a line stands."""
    for name, nodes in module.defined.items():
        for node in nodes:
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
                return name
    return None
