"""Search for the edit that makes a wrong backward right.

Candidates come from the source (`candidates`, made of `vocabulary`, `inserting`, `wrapping` and `replacing`), are tried
by the thousand in one contained process (`screening`, with `patching` and the slopes of `points`), and what passes is
judged in full, loaded anew (`verifying`). `searching` puts it together.
"""

from .searching import Search
from .suggestion import Found, Settings, Suggestion

__all__ = ["Found", "Search", "Settings", "Suggestion"]
