"""The user's source: which functions of it are a backward, what they know by name, and edits of them."""

from .backward import Backward, FunctionAt, find_backward
from .edit import Edit, render, unified_diff
from .file import Source, UnreachableSourceError, read_tree

__all__ = [
    "Backward",
    "Edit",
    "FunctionAt",
    "Source",
    "UnreachableSourceError",
    "find_backward",
    "read_tree",
    "render",
    "unified_diff",
]
