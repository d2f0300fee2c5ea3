"""The examples of other languages."""
