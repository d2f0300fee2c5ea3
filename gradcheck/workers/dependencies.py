"""What gradcheck otherwise imports only when it is needed: a user's folder may hold a file of the same name."""


def import_late_dependencies() -> None:
    """Import it now. Hypothesis brings all that is used of Python's own library, too; a test sees to that."""
    import hypothesis.database
    import hypothesis.strategies  # noqa: F401
