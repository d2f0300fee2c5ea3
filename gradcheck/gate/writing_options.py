"""The options that say what a command writes, and where: one decorator for all commands that judge."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from .writing import Writing

OPTIONS = (
    click.option("--json", "json_file", metavar="FILE", help="Write the whole answer as JSON; - is standard output."),
    click.option("-q", "--quiet", is_flag=True, help="No table and no progress: only what is not correct."),
    click.option("-v", "--verbose", is_flag=True, help="Every report in full, those of correct cases too."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colours; auto: in a terminal, as NO_COLOR, FORCE_COLOR and TERM say.",
    ),
)


def writing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it gets what they say as one argument, ``writing``."""

    @wraps(command)
    def with_writing(
        *arguments: Any, json_file: str | None, quiet: bool, verbose: bool, color: str, **options: Any
    ) -> Any:
        if quiet and verbose:
            raise click.UsageError("--quiet and --verbose contradict each other")
        writing = Writing(json_file=json_file, quiet=quiet, verbose=verbose, color=color)
        return command(*arguments, writing=writing, **options)

    for option in reversed(OPTIONS):
        with_writing = option(with_writing)
    return with_writing
