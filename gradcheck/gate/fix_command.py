"""The command ``gradcheck fix``."""

from __future__ import annotations

import os
import sys

import click

from gradcheck.protocol.deadline import check_seconds

from .writing_options import html_option, page_asked


@click.command("fix")
@click.argument("case")
@click.option("--budget", type=click.FloatRange(min=1), default=60.0, show_default=True, help="Seconds to search.")
@click.option("--examples", type=click.IntRange(min=1), default=100, show_default=True, help="Examples per seed.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all randomness.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Processes; default: one per core.")
@click.option("--write", is_flag=True, help="Make the first suggestion in the file.")
@click.option("--in-process", is_flag=True, help="Judge in this process, for a debugger; not what is edited.")
@html_option
def fix_command(
    case: str,
    budget: float,
    examples: int,
    seed: int,
    jobs: int | None,
    write: bool,
    in_process: bool,
    html_file: str | None,
) -> None:
    """Search the edit under which CASE is correct and print it as a diff: path.py::name, or a path with one case.

    Single edits first, then pairs. Every suggestion has been judged as `gradcheck run` does, with three seeds.

    Exit codes: 0 an edit was found, or the case is correct as it is; 1 none was found; 2 usage, import or
    configuration error.
    """
    from gradcheck.mends import Settings  # brings the parser of sources, which few commands need

    from .fix import fix

    settings = Settings(check_seconds(budget), examples, seed, jobs or os.cpu_count() or 1)
    sys.exit(fix(case, settings, write=write, page=page_asked(html_file), in_process=in_process))
