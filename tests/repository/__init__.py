"""README, imports and public names."""
