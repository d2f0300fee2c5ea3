"""`gradcheck prove`: the edits of each operator, the fates of mutants, and the command."""
