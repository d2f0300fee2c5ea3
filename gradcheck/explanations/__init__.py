"""The long form of every code: one module a code, found by its name."""

from .writing import codes, every_code, explain, explanation

__all__ = ["codes", "every_code", "explain", "explanation"]
