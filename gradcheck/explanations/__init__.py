"""What `gradcheck explain` prints of every code and every word, and the hints for learners; examples are run now."""

from .explanation import codes
from .hint import hint
from .words import WORDS, Word
from .writing import every_code, explain, explanation, typed

__all__ = ["WORDS", "Word", "codes", "every_code", "explain", "explanation", "hint", "typed"]
