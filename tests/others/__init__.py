"""Backward passes of others, to see that the checker calls nothing wrong that is right."""
