"""``python -m docs.pictures [FOLDER]``: draw every picture of docs/article.md again, here or in another folder."""

import sys
from pathlib import Path

from . import contours, learning_curve, slips, squares
from .style import save, styled

PICTURES = {"contours": contours, "squares": squares, "slips": slips, "learning_curve": learning_curve}


def main(folder: Path) -> None:
    """Write each as an SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, module in PICTURES.items():
        with styled():
            save(module.draw(), folder / f"{name}.svg")
        print(f"{name}.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
