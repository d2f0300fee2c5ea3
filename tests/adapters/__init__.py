"""Other conventions as ops: each adapter with right and wrong functions, and what it must leave alone."""
