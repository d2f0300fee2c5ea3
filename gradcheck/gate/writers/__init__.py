"""What a run writes, a file a format: each reads the same events."""

from .writer import Writer

__all__ = ["Writer"]
