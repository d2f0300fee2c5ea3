"""The museum: wrong backwards modelled on bugs that shipped, a room for each kind, and their right twins.

Every file here but `exhibit` and the tests is a room. All of them are opened when `ROOMS` or `EXHIBITS` is first asked
for: who needs one room imports that one, and not what the others are written in.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from .exhibit import Exhibit

ROOMS: dict[str, list[Exhibit]]
EXHIBITS: list[Exhibit]


@cache
def _rooms() -> dict[str, list[Exhibit]]:
    names = sorted(module.name for module in iter_modules(__path__))
    return {
        name: import_module(f"{__name__}.{name}").EXHIBITS
        for name in names
        if name != "exhibit" and not name.startswith("test_")
    }


def __getattr__(name: str) -> object:
    if name == "ROOMS":
        return _rooms()
    if name == "EXHIBITS":
        return [exhibit for room in _rooms().values() for exhibit in room]
    raise AttributeError(name)


__all__ = ["EXHIBITS", "ROOMS", "Exhibit"]
