"""The bar that says how far a command is."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .colors import is_watched


def progress_bar(*, shown: bool = True) -> Progress:
    """A bar on standard error, for people only: in a log the rows themselves are the progress.

    Nothing in the environment puts one into a log, where it would be a screenful of codes.
    """
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not (shown and is_watched(sys.stderr)),
    )
