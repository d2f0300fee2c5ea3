"""Layers with weights, pooling and normalisation: one op a file, listed in `manual_bp`."""
