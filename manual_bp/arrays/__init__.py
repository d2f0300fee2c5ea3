"""Arithmetic, reductions and the rearrangement of arrays."""
