"""Where a mistake was made: the line that is said, in code as people write it, and when nothing is said."""
