"""What is wrong, in words: a closed list of hypotheses, each tested on the numbers of several examples."""
