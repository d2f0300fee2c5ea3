"""Backwards in fewer digits than float64: what is exchanged, what they are held against, what it finds."""
