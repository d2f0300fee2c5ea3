"""The command ``gradcheck prove``: would the gate have seen it, had the backward been wrong?"""

from __future__ import annotations

import os
import sys

import click

from gradcheck.errors import UsageError
from gradcheck.protocol.deadline import check_seconds

from .writing_options import html_option, page_asked


@click.command("prove")
@click.argument("cases", nargs=-1, required=True)
@click.option("--examples", type=click.IntRange(min=1), default=100, show_default=True, help="Examples per case.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all randomness.")
@click.option("--sample", type=click.IntRange(min=1), default=None, help="Mutants per backward; default: all.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Processes; default: one per core.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=100.0,
    show_default=True,
    help="Percent of mutants that each backward's cases must kill.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    help="Seconds for a mutant; default: 20 times what its cases take, at least 10.",
)
@click.option("--in-process", is_flag=True, help="Judge in this process, for a debugger; not what is edited.")
@html_option
def prove_command(
    cases: tuple[str, ...],
    examples: int,
    seed: int,
    sample: int | None,
    jobs: int | None,
    fail_under: float,
    timeout: float | None,
    in_process: bool,
    html_file: str | None,
) -> None:
    """Plant mistakes in the backward of every case in CASES and show which of them the gate calls wrong.

    Each mutant is an edit of the source, in memory only, loaded and judged in a process of its own.

    Exit codes: 0 enough mutants killed; 1 too many survived; 2 usage, import or configuration error; 3 something
    could not be proved, or nothing was.
    """
    from gradcheck.mutants.proof import Settings  # brings the parser of sources, which no other command needs

    from .prove import prove_all

    if not 0 <= fail_under <= 100:  # as NaN, which click lets pass
        raise UsageError(f"--fail-under is {fail_under}: it is a number of percent, from 0 to 100")
    seconds = 0.0 if timeout is None else check_seconds(timeout)
    settings = Settings(examples, seed, sample or 0, seconds)
    page = page_asked(html_file)
    sys.exit(prove_all(cases, settings, jobs or _cores(), fail_under, page, in_process=in_process))


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
