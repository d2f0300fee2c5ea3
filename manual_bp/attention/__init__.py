"""Attention, and the rotation that tells it where a token stands: one op a file, listed in `manual_bp`."""
