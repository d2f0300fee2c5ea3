"""Every doubt: a right op that only it saves, and a wrong one over the same forward that it does not."""
