"""What a run writes: a file a format."""
