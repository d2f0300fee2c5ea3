"""The words that reports use, as `gradcheck explain WORD` says them."""

from .asking import ASKING
from .calculus import CALCULUS
from .judging import JUDGING
from .word import Word

WORDS = (*CALCULUS, *JUDGING, *ASKING)

__all__ = ["WORDS", "Word"]
