"""How much is shown of what somebody else wrote, with unit and reason: for every package, errors too."""

from __future__ import annotations

MOST = 400
"""Characters of a message that are shown: what stands further behind nobody reads."""

SENTENCE = 2000
"""Characters of a sentence of ours, which may repeat several names and messages."""
