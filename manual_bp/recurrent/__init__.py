"""Recurrent cells and whole sequences of them: one op a file, listed in `manual_bp`."""
