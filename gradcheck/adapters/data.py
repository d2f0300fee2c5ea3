"""Inputs of an adapted op that are data: named once, on the op, from where a case takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcheck.protocol.case_checks import check_names

Op = Callable[..., Any]


def with_constants(op: Op, constants: Sequence[str], adapter: str) -> Op:
    """The op with its attribute ``constants``; none where no input is data."""
    check_names(constants, f"{adapter}: constants")
    if constants:
        op.__dict__["constants"] = tuple(constants)
    return op
