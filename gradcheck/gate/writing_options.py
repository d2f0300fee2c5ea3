"""The options that say what a command writes, and where: one decorator for all commands that judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any

import click

from gradcheck.errors import UsageError

from .writers.output import Output

html_option = click.option(
    "--html", "html_file", metavar="FILE", help="Write a page: one file, what needs reading first, with pictures."
)

OPTIONS = (
    click.option("--json", "json_file", metavar="FILE", help="Write the whole answer as JSON; - is standard output."),
    click.option("--junit", "junit_file", metavar="FILE", help="Write JUnit XML, one testcase a case."),
    html_option,
    click.option(
        "--github/--no-github",
        default=None,
        help="Annotations at the lines of a pull request, and a job summary; default: in a GitHub workflow.",
    ),
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
    def with_writing(*arguments: Any, **options: Any) -> Any:
        from .writing import Writing

        asked = {part.name: options.pop(part.name) for part in fields(Writing)}
        if asked["quiet"] and asked["verbose"]:
            raise click.UsageError("--quiet and --verbose contradict each other")
        return command(*arguments, writing=Writing(**asked), **options)

    for option in reversed(OPTIONS):
        with_writing = option(with_writing)
    return with_writing


def page_asked(html_file: str | None) -> Output | None:
    """Where a page is to be written; UsageError, before anything is judged, where it cannot be."""
    if html_file is None:
        return None
    output = Output("--html", html_file)
    if output.is_standard:
        raise UsageError("--html - would mix the page with what is printed: name a file")
    output.check()
    return output
