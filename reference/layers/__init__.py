"""The twins of `manual_bp.layers`, forward only: the same file names."""
