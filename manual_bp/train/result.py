"""What a training run says at its end, and how it is written."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .curve import draw


class AbsentError(Exception):
    """A package that a run needs is not installed."""


@dataclass(frozen=True)
class Result:
    """One sentence, the figures in it, and the curve: costs of batches, and scores of samples that are held out."""

    sentence: str
    figures: Mapping[str, float]
    costs: Sequence[float]
    scores: Sequence[tuple[int, float]] = ()
    lines: Mapping[str, float] | None = None
    """Costs to compare with, by what they are of."""

    def write(self, folder: Path) -> str:
        """`result.json` and the curve, as a picture or as text; says which."""
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "result": self.sentence,
            "figures": dict(self.figures),
            "costs": list(self.costs),
            "scores": [list(pair) for pair in self.scores],
        }
        beside = folder / "result.json.part"
        beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        os.replace(beside, folder / "result.json")
        return draw(folder, self.costs, self.scores, self.lines or {})
