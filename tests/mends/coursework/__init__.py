"""Networks as courses have them written, right, and the slips that are made in them: by dict, by class, in files."""
