"""What a wrong gradient is shown by."""
