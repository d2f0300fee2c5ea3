"""Jumps of a forward along one argument."""

from .look import Forward, is_level, is_staircase, jumps_of, line_along, rows_along, typical_move

__all__ = ["Forward", "is_level", "is_staircase", "jumps_of", "line_along", "rows_along", "typical_move"]
