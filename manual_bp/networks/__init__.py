"""Whole networks: ops composed, and their vjps called in reverse order."""
