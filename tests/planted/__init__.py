"""The museum: wrong backwards modelled on bugs that shipped, a room for each kind, and their right twins.

Every file here but `exhibit` and the tests is a room.
"""

from importlib import import_module
from pkgutil import iter_modules

from .exhibit import Exhibit

ROOMS = {
    name: import_module(f"{__name__}.{name}").EXHIBITS
    for name in sorted(module.name for module in iter_modules(__path__))
    if name != "exhibit" and not name.startswith("test_")
}
EXHIBITS = [exhibit for room in ROOMS.values() for exhibit in room]

__all__ = ["EXHIBITS", "ROOMS", "Exhibit"]
