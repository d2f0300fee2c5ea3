"""What a wrong gradient is shown by, gathered once at the example that is reported: for pictures, and no verdict."""

from .gather import with_evidence, with_evidence_at

__all__ = ["with_evidence", "with_evidence_at"]
