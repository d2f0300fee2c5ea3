"""Search for the edit that makes a wrong backward right.

Candidates come from the source (`candidates`, made of `vocabulary`, `inserting`, `wrapping` and `replacing`), are tried
by the thousand in one contained process (`screen`, with `code_swap` and the `slopes` of the forward; `batches`
shares them out), and what passes is judged in full, loaded anew (`verify`). `search` puts it together.
"""

from .search import Search
from .starting import begin
from .suggestion import Found, Rewritten, Settings, Suggestion

__all__ = ["Found", "Rewritten", "Search", "Settings", "Suggestion", "begin"]
