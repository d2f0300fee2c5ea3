"""Linear algebra of matrices, and of stacks of matrices."""
