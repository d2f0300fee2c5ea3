"""The twins of `manual_bp.recurrent`, forward only: the same file names."""
