"""manual_bp itself, with NumPy alone."""
