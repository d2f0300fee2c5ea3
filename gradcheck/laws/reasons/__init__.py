"""Why a point could not decide: GC9xx, which are no laws. A new one is a new folder that defines ``REASON``."""

from importlib import import_module
from pkgutil import iter_modules

from .reason import Reason

REASONS: tuple[Reason, ...] = tuple(
    import_module(f"{__name__}.{module.name}").REASON for module in iter_modules(__path__) if module.name[:2] == "gc"
)

__all__ = ["REASONS", "Reason"]
