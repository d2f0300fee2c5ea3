"""What adapters choose, each with its unit and its reason."""

RATE = 2.0**40
"""The learning rate that a backward is told which moves its parameters itself: so large that what the parameter is
afterwards is its update to the last digit, unless the gradient is 1e12 times smaller than the parameter; and a power of
two, so that nothing is rounded in dividing by it."""
