"""The bar that says how far a command is."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .colors import console_on, is_watched


def progress_bar(printing: Console, *, shown: bool = True) -> Progress:
    """A bar for people only: in a log the rows themselves are the progress, whatever the environment says of colours.

    It stands on standard error; where ``printing``, on which a command prints its rows, ends in a terminal too, the
    bar is drawn by that console, which moves it out of the way of a row.
    """
    together = is_watched(printing.file)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=printing if together else console_on(sys.stderr, "never" if printing.no_color else "auto"),
        transient=True,
        redirect_stdout=together,  # what ops print stands above the bar; in a file it is not the bar's to move
        disable=not (shown and is_watched(sys.stderr)),
    )
