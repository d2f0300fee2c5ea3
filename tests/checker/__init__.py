"""gradcheck itself, without torch."""
