"""What edited source cannot do from its own process."""
