"""Cases of the library, a file a family with its list `CASES`; `gradcheck run` judges them beside tests/cases.py."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from gradcheck import Case


def twin(op: Callable[..., Any]) -> Callable[..., Any] | None:
    """The function of the same name in `reference`, or None where torch is absent."""
    return getattr(import_module("reference"), op.__name__) if find_spec("torch") else None


def in_both_dtypes(op: Callable[..., Any], signature: str | None = None, **more: Any) -> list[Case]:
    """In float64, and in float32, which is held against the twin's own error."""
    more = {"name": op.__name__, **more}
    reference = more.pop("reference", twin(op))
    return [
        Case(op, signature, **{**more, "name": more["name"] + suffix}, reference=reference, dtype=dtype)
        for dtype, suffix in (("float64", ""), ("float32", " float32"))
    ]


def from_one(*names: str) -> dict[str, tuple[int, None]]:
    """Sizes of at least 1, where torch's own op, the twin, fails or gives another shape at 0."""
    return dict.fromkeys(names, (1, None))
