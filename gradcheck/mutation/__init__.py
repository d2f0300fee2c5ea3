"""Edits of a backward: found in its source, made, loaded apart from everything else, and judged."""

from .backward import Backward, find_backward
from .edit import Edit, render, unified_diff
from .enumerate import edits_of
from .operators import OPERATORS, Operator
from .pool import nurseries
from .source import Source, UnreachableSourceError, read_tree
from .task import Answered, Loaded, Outcome, Stop, Stopped, Task

__all__ = [
    "OPERATORS",
    "Answered",
    "Backward",
    "Edit",
    "Loaded",
    "Operator",
    "Outcome",
    "Source",
    "Stop",
    "Stopped",
    "Task",
    "UnreachableSourceError",
    "edits_of",
    "find_backward",
    "nurseries",
    "read_tree",
    "render",
    "unified_diff",
]
