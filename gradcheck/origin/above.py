"""What a value is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .history import Version


def above(versions: Iterable[Version]) -> Iterator[Version]:
    """Everything that these are made of, themselves not."""
    seen: set[int] = set()
    todo = [parent for version in versions for parent in version.parents]
    while todo:
        version = todo.pop()
        if version.number not in seen:
            seen.add(version.number)
            yield version
            todo += version.parents
