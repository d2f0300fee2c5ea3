"""Which value of the forward the name of a gradient speaks of: ``dZ2``, ``grad_z``, ``z_bar``, ``dL_dz``."""

from __future__ import annotations

import re

_FORMS = tuple(
    re.compile(form)
    for form in (
        r"^d[A-Z]_?d_?(?P<of>.+)$",
        r"^d_?(?P<of>.+)$",
        r"^grad(?:ient)?s?_?(?:of_?)?(?P<of>.+)$",
        r"^g_?(?P<of>.+)$",
        r"^(?P<of>.+?)_?grad(?:ient)?s?$",
        r"^(?P<of>.+?)_?bar$",
        r"^bar_?(?P<of>.+)$",
        r"^(?:adj|adjoint|cot|cotangent|ct)_?(?P<of>.+)$",
        r"^(?P<of>.+?)_(?:adj|adjoint|cot|cotangent|ct|g)$",
    )
)


def plain(name: str) -> str:
    """A name without what people spell in several ways: capitals and underscores."""
    return name.replace("_", "").lower()


def spoken_of(name: str) -> frozenset[str]:
    """The names, in plain spelling, of what a gradient of this name may be the gradient of."""
    found = (form.match(name) for form in _FORMS)
    return frozenset(plain(match["of"]) for match in found if match)


def meant_by(name: str) -> str:
    """The likeliest of them as it is spelt: ``Z2`` of ``dZ2``; empty where the name is not that of a gradient."""
    return next((match["of"] for form in _FORMS if (match := form.match(name))), "")
