"""The words of the convention as data: signature, domain, case, input, call."""

from .arguments import Argument, name_inputs, read_inputs
from .calling import Answer, Failure, Op, Vjp, attempt, call_op, call_vjp, op_name, quiet
from .case import Case, Descent
from .domain import Domain, Integers, Reals
from .signature import Signature, parse_signature

__all__ = [
    "Answer",
    "Argument",
    "Case",
    "Descent",
    "Domain",
    "Failure",
    "Integers",
    "Op",
    "Reals",
    "Signature",
    "Vjp",
    "attempt",
    "call_op",
    "call_vjp",
    "name_inputs",
    "op_name",
    "parse_signature",
    "quiet",
    "read_inputs",
]
