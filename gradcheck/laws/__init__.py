"""The laws, in the order in which they are checked. A new law is a new file ``gc*.py`` that defines ``LAW``.

Form comes first (GC101 to GC106), then whether the forward repeats itself (GC206), on which all that compares two calls
rests, then state and writing in place (GC203, GC204), which spoil the answers of later calls; then by number: GC1xx
form, GC2xx behaviour, GC3xx value, GC4xx order, GC5xx descent. GC9xx are not laws but the words for why a point could
not decide.
"""

from importlib import import_module
from pkgutil import iter_modules

from .descending import check_descent
from .holding import hold
from .law import Law

LAWS: tuple[Law, ...] = tuple(
    sorted(
        (
            import_module(f"{__name__}.{module.name}").LAW
            for module in iter_modules(__path__)
            if module.name[:2] == "gc"
        ),
        key=lambda law: law.turn,
    )
)

__all__ = ["LAWS", "Law", "check_descent", "hold"]
