"""How the pictures look: four colours that people who see no red or no green tell apart, on white and on dark pages."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

# Okabe and Ito's palette; those of its colours that keep a contrast of 3 to white.
BLUE, GREEN, VERMILION, PURPLE = "#0072b2", "#00795c", "#c04f00", "#a8577f"
GREY = "#707070"

_SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "gradcheck",  # so that the same picture is the same file
    "svg.fonttype": "none",  # letters stay letters: they can be searched and read aloud
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "legend.frameon": False,
}


def styled() -> AbstractContextManager[Any]:
    """The settings, for as long as a picture is drawn."""
    return mpl.rc_context(_SETTINGS)


def save(figure: Figure, path: Path) -> None:
    """Write an SVG that holds no date, so that drawing it again changes nothing."""
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
