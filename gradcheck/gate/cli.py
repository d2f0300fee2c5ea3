"""The command ``gradcheck``: its subcommands and their options.

What judges is imported by the functions that call it, since a help text needs none of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from gradcheck.report.events import CORRECT, exit_code

from .command import Command
from .fix_command import fix_command
from .inventory_command import inventory_command
from .messages import Asked
from .prove_command import prove_command
from .skill_command import skill_command
from .team_options import Team, team_options
from .writing_options import writing_options

if TYPE_CHECKING:
    from gradcheck.report import Report

    from .writing import Writing


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gradcheck")
def main() -> None:
    """Tell whether a backward pass written by hand is right, and if not, what is wrong and where."""


main.add_command(prove_command)
main.add_command(fix_command)
main.add_command(inventory_command)
main.add_command(skill_command)


@main.command()
@click.argument("cases", nargs=-1)
@click.option("--examples", type=click.IntRange(min=1), default=100, show_default=True, help="Examples per case.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all randomness.")
@click.option(
    "--timeout",
    type=float,
    default=60.0,
    show_default=True,
    help="Seconds that a case may take; an example begun in time may take as long again.",
)
@click.option(
    "--least-examples",
    type=click.IntRange(min=1),
    help="How many examples are enough where the time runs out; without it all of them, or what the case says.",
)
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Cases judged at a time.")
@click.option("--in-process", is_flag=True, help="Judge in this process, without limits: for a debugger.")
@click.option("--hint", "as_hint", is_flag=True, help="For learners: what is right, and a question, no solution.")
@team_options
@writing_options
def run(
    cases: tuple[str, ...],
    examples: int,
    seed: int,
    timeout: float,
    least_examples: int | None,
    workers: int,
    in_process: bool,
    as_hint: bool,
    writing: Writing,
    team: Team,
) -> None:
    """Judge every case in CASES: path.py or package.module, each optionally ::case-name.

    Without CASES those that [tool.gradcheck] in pyproject.toml names, with what it says of examples, seed and the rest.

    Exit codes: 0 every case correct; 1 a gradient is wrong; 2 usage, import or configuration error;
    3 inconclusive, incomplete or nothing ran.
    """
    from gradcheck.protocol.deadline import check_seconds

    from .judging import judge_all

    asked = Asked(examples, seed, check_seconds(timeout), least_examples)
    with writing.reserved() as document:
        writing.check()
        targets = team.select(cases, asked, in_process=in_process)
        with writing.opened(document, _hint() if as_hint else None) as emit:
            judge_all(targets, asked, team.through(emit), workers=workers, in_process=in_process)
        code = team.exit_code(emit.exit_code(team.end))
    sys.exit(code)


def _hint() -> Callable[[Report], str]:
    from gradcheck.explanations import hint

    return hint


@main.command("replay")
@click.argument("token")
@click.option("--snippet", "as_snippet", is_flag=True, help="Print Python that makes it again, to be pasted.")
@click.option("--in-process", is_flag=True, help="Judge in this process, without limits: for a debugger.")
def replay_command(token: str, as_snippet: bool, in_process: bool) -> None:
    """Judge the example of TOKEN again: the word that a report prints after `again: gradcheck replay`.

    Exit codes as for `run`; with --snippet 0.
    """
    from gradcheck.workers.in_use import InUse

    from .replay import replay, replay_in_worker, snippet_of

    report = replay(token, InUse.now()) if in_process else replay_in_worker(token)
    text = snippet_of(report).rstrip("\n") if as_snippet else str(report)
    click.echo(text)
    sys.exit(CORRECT if as_snippet else exit_code([report.verdict.value], 1))


@main.command("explain")
@click.argument("code", required=False)
def explain_command(code: str | None) -> None:
    """Say what the law CODE demands, why, what breaks it and how to mend it, with an example.

    A word that reports use, such as cotangent or floor, is explained too. Without CODE: the list of all.
    """
    from gradcheck.explanations import every_code, explain  # brings every law's words, which no other command needs

    click.echo(every_code() if code is None else explain(code))
