"""A project with a `gradcheck.py` of its own: its test modules import that, while the package judges its case files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

_NAME = "gradcheck"
_PACKAGE = Path(__file__).parents[2]


class Namesake:
    """The project's own modules of that name, while they are not in their place."""

    def __init__(self) -> None:
        self._modules: dict[str, ModuleType] = {}

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Have an import of the name find the project's own."""
        ours = _taken_out()
        sys.modules.update(self._modules)
        try:
            yield
        finally:
            self._modules = _taken_out()
            sys.modules.update(ours)


class ModuleWithNamesake(pytest.Module):
    """A test module that would find the project's own, were the package not there already."""

    namesake: Namesake

    def _getobj(self) -> Any:
        with self.namesake.in_place():
            return super()._getobj()  # type: ignore[no-untyped-call]


def finds_namesake(module: Path, config: pytest.Config) -> bool:
    """Whether an import in this test module finds another file before the package; a copy of it is no other."""
    folder = module.parent
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    places = {"prepend": [str(folder), *sys.path], "append": [*sys.path, str(folder)]}
    found = PathFinder.find_spec(_NAME, places.get(config.getoption("importmode"), sys.path))
    if found is None or found.origin is None:
        return False
    origin = Path(found.origin).resolve()
    return _PACKAGE not in origin.parents and not (origin.parent / Path(__file__).relative_to(_PACKAGE)).exists()


def _taken_out() -> dict[str, ModuleType]:
    """The modules of that name, which are loaded no longer."""
    names = [name for name in sys.modules if name.partition(".")[0] == _NAME]
    return {name: sys.modules.pop(name) for name in names}
