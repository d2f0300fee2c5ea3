"""Search for the edit that makes a wrong backward right."""

from .searching import Found, Search, Settings, Suggestion

__all__ = ["Found", "Search", "Settings", "Suggestion"]
