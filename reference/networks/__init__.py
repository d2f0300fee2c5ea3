"""Whole networks in PyTorch, forward only."""
