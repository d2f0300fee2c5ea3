"""Layers of networks, in the layout of PyTorch."""
