"""Random examples of a case: shapes from the signature, values from one seed, shrunk where they fail."""

from .example import Example, draw_inputs, judge_example
from .search import search

__all__ = ["Example", "draw_inputs", "judge_example", "search"]
