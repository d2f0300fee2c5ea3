"""Backward passes in a source tree, and which of them a case judges: read off the syntax trees, nothing is imported."""

from .coverage import Entry, take_inventory
from .tree import Tree, read_tree

__all__ = ["Entry", "Tree", "read_tree", "take_inventory"]
