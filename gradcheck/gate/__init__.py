"""The gate: cases in, table and exit code out."""
