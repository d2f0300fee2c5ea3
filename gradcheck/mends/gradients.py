"""A gradient where none was computed: ``None`` or zeros become what a product with the cotangent sums to."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import called, code

from .inserting import reducing
from .limits import SHORT
from .vocabulary import Vocabulary


def computed(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``None`` and ``zeros_like(w)`` become sums of the cotangent, and of its products with everything else."""
    nothing = code(node) == "None" or called(node) in ("zeros_like", "zeros")
    if not nothing or not (place.is_value or isinstance(place.parent, cst.Assign)):
        return
    _, axis, keep = reducing(place)
    short = [text for text in vocabulary.elsewhere(place) if "[" in text and len(text) <= SHORT]
    known = [*vocabulary.names(place), *short]
    gradients = [text for text in known if _is_cotangent(text, place)]
    for gradient in gradients:
        far = 0.0 if gradient in place.scope.cotangents else 0.2
        yield f"{gradient}.sum({axis}=0)", 1.4 + far
        yield f"{gradient}.sum({axis}=0, {keep}=True)", 1.45 + far
        yield f"{gradient}.sum({axis}=1, {keep}=True)", 1.45 + far
        yield f"{gradient}.sum()", 1.5 + far
        for other in known:
            if other != gradient:
                yield f"{gradient} * {other}", 1.5 + far
                for number in (0, 1, -1):
                    yield f"({gradient} * {other}).sum({axis}={number})", 1.6 + far
                yield f"({gradient} * {other}).sum()", 1.65 + far
                for product in (f"{gradient} @ {other}.T", f"{gradient}.T @ {other}", f"{other}.T @ {gradient}"):
                    yield product, 1.6 + far


def _is_cotangent(text: str, place: Place) -> bool:
    """The cotangent, a part of it, or what goes by the name of a gradient."""
    name = text.partition("[")[0]
    return name in place.scope.cotangents or name in ("g", "grad") or (name.startswith("d") and name in place.earlier)
