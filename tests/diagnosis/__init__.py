"""The causes that are stated: of planted bugs, of near misses, and of bugs that nothing was tuned on."""
