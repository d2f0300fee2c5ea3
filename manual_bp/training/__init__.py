"""Ways to fit parameters: optimisers, schedules, mini-batches, a loop that can be killed and goes on."""
