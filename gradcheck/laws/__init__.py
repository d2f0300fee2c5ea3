"""The laws, in the order in which they are checked. A new law is a new file ``gc*.py`` that defines ``LAW``.

Exact laws come before numbers: GC1xx form, GC2xx behaviour, GC3xx value, GC4xx order, GC5xx descent. GC9xx are not
laws but the words for why a point could not decide.
"""

from importlib import import_module
from pkgutil import iter_modules

from .law import Law

LAWS: tuple[Law, ...] = tuple(
    import_module(f"{__name__}.{module.name}").LAW
    for module in sorted(iter_modules(__path__), key=lambda module: module.name)
    if module.name.startswith("gc")
)

__all__ = ["LAWS", "Law"]
