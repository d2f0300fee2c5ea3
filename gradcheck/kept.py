"""A value that is computed when it is first asked for, and kept.

`functools.cached_property` takes a lock before it computes, up to Python 3.11: a check of ten entries asks for twenty
such values once, and would wait for the locks longer than for most laws.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 12):
    kept = cached_property
else:

    class kept(cached_property):  # noqa: N801 - as what it stands for
        """``cached_property`` without a lock: of two threads that ask at once, both compute."""

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self.attrname] = self.func(instance)
            return value
