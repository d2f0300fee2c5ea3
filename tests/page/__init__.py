"""The page of a run, in a browser and without one."""
