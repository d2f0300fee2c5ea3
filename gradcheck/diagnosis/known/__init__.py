"""The vocabulary of the patterns: known arrays, functions of them, and where they lie along a gradient."""
