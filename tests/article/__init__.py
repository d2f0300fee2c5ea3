"""The article's network, its printed listing, and the slips of those who typed it."""
