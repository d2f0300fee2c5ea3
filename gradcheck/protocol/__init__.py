"""The words of the convention as data: signature, domain, case, input, call."""

from .arguments import Argument, Arguments, name_inputs, op_name, read_inputs
from .calling import (
    Answer,
    Failure,
    Op,
    Vjp,
    adapted,
    attempt,
    call_op,
    call_vjp,
    call_with,
    offered,
    quiet,
    read_outputs,
)
from .case import Case, Descent
from .clip import Clip
from .domain import Domain, Integers, Probabilities, Reals
from .layout import Layout, laid_out, stretched
from .private import private, private_options, untouched
from .sets import ArraySet, EntryOf, Invertible, OneHot, Orthogonal, PositiveDefinite, Simplex, Sorted, Symmetric
from .signature import Signature, parse_signature
from .stand_in import own_op, stood_for

__all__ = [
    "Answer",
    "Argument",
    "Arguments",
    "ArraySet",
    "Case",
    "Clip",
    "Descent",
    "Domain",
    "EntryOf",
    "Failure",
    "Integers",
    "Invertible",
    "Layout",
    "OneHot",
    "Op",
    "Orthogonal",
    "PositiveDefinite",
    "Probabilities",
    "Reals",
    "Signature",
    "Simplex",
    "Sorted",
    "Symmetric",
    "Vjp",
    "adapted",
    "attempt",
    "call_op",
    "call_vjp",
    "call_with",
    "laid_out",
    "name_inputs",
    "offered",
    "op_name",
    "own_op",
    "parse_signature",
    "private",
    "private_options",
    "quiet",
    "read_inputs",
    "read_outputs",
    "stood_for",
    "stretched",
    "untouched",
]
