"""How a missing gradient can be right: the input is data, which nobody has said."""

from __future__ import annotations

from collections.abc import Sequence


def where_data(names: Sequence[str]) -> str:
    """The part of a sentence that names the option for these inputs; empty where there are none."""
    if not names:
        return ""
    listed = " and ".join(f"`{name}`" for name in names)
    written = ", ".join(f'"{name}"' for name in names) + ("," if len(names) == 1 else "")
    return f"; where {listed} {'is' if len(names) == 1 else 'are'} data, say constants=({written})"
