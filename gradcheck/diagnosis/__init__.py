"""What is wrong, in words: a closed list of hypotheses, each held against the numbers of several examples."""

from .diagnose import diagnose, diagnose_point

__all__ = ["diagnose", "diagnose_point"]
