"""Which functions are a backward, and what an edit of them may say."""
