"""Functions of single entries, and of the entries along one axis."""
