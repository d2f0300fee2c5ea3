"""Where a gradient is wrong."""

from .locate import Location, Search

__all__ = ["Location", "Search"]
