"""The words of the convention as data: signature, domain, case, input, call."""

from .arguments import Argument, Arguments, name_inputs, op_name, read_inputs
from .calling import (
    Answer,
    Failure,
    Op,
    Vjp,
    attempt,
    call_op,
    call_vjp,
    call_with,
    offered,
    quiet,
    read_outputs,
)
from .case import Case, Descent
from .domain import Domain, Integers, Reals
from .layout import Layout, laid_out, stretched
from .private import private, private_options, untouched
from .signature import Signature, parse_signature

__all__ = [
    "Answer",
    "Argument",
    "Arguments",
    "Case",
    "Descent",
    "Domain",
    "Failure",
    "Integers",
    "Layout",
    "Op",
    "Reals",
    "Signature",
    "Vjp",
    "attempt",
    "call_op",
    "call_vjp",
    "call_with",
    "laid_out",
    "name_inputs",
    "offered",
    "op_name",
    "parse_signature",
    "private",
    "private_options",
    "quiet",
    "read_inputs",
    "read_outputs",
    "stretched",
    "untouched",
]
