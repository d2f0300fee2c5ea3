"""Edits of a backward, mutants in processes of their own, and the command that proves with them."""
