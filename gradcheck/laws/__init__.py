"""The laws, in the order in which they are checked. A law is a folder ``gc*`` that defines ``LAW``.

In the folder stand what the law is and what follows from it for others (``__init__``), how it is checked (``check``),
what ``gradcheck explain`` says of it (``words``), and an op that breaks it beside the right one (``examples``), which
``explain`` shows and the tests of the law use. The last two are read only when they are asked for.

Form comes first (GC101 to GC106), then whether the forward repeats itself (GC206), on which all that compares two calls
rests, then state and writing in place (GC203, GC204), which spoil the answers of later calls; then by number: GC1xx
form, GC2xx behaviour, GC3xx value, GC4xx order, GC5xx descent. GC9xx are not laws but the ``reasons`` why a point could
not decide.
"""

from importlib import import_module
from pkgutil import iter_modules

from .descending import check_descent
from .holding import Held, hold
from .law import Law
from .reasons import REASONS, Reason

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

_LAWS = {law.code: law for law in LAWS}
_REASONS = {reason.code: reason for reason in REASONS}


def law_of(code: str) -> Law | None:
    """The law of a finding; None where its code is that of a reason."""
    return _LAWS.get(code)


def reason_of(code: str) -> Reason | None:
    """The reason that a finding gives; None where its code is that of a law."""
    return _REASONS.get(code)


__all__ = ["LAWS", "REASONS", "Held", "Law", "Reason", "check_descent", "hold", "law_of", "reason_of"]
