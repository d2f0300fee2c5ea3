"""Mistakes planted in a backward, one edit each, and what the gate says of them."""

from .enumerate import edits_of
from .operators import OPERATORS, Operator

__all__ = ["OPERATORS", "Operator", "edits_of"]
