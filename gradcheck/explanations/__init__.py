"""What `gradcheck explain` prints of every code: the words in the folder of its law, and its examples run now."""

from .explanation import codes
from .writing import every_code, explain, explanation

__all__ = ["codes", "every_code", "explain", "explanation"]
