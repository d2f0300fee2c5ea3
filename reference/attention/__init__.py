"""The twins of `manual_bp.attention`, forward only: the same file names."""
