"""What a target is: a file or a module, and a case in it."""

from __future__ import annotations

from gradcheck.errors import CaseFileError


def check_target(target: str) -> None:
    """A name that is empty, as that of a variable which nobody set, names nothing; it is not everything."""
    source, colons, case = target.partition("::")
    if not source.strip() or (colons and not case.strip()):
        raise CaseFileError(f"{target!r} is one of the cases: name a file, or a case in it as file.py::name")
