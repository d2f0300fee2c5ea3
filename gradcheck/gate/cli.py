"""The command ``gradcheck``."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import click
from rich.console import Console

from gradcheck.check import judge_case
from gradcheck.errors import UsageError
from gradcheck.explanations import every_code, explain, hint
from gradcheck.protocol import Case
from gradcheck.protocol.deadline import check_seconds
from gradcheck.report import Report, Verdict

from .fix_command import fix_command
from .loading import load_targets
from .progress import progress_bar
from .prove_command import prove_command
from .remembered import Remembered
from .replay import replay, snippet_of
from .table import Row, Table
from .token import same_named, write_token

CORRECT, WRONG, USAGE, INCONCLUSIVE = range(4)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gradcheck")
def main() -> None:
    """Tell whether a backward pass written by hand is right, and if not, what is wrong and where."""


main.add_command(prove_command)
main.add_command(fix_command)


@main.command()
@click.argument("cases", nargs=-1, required=True)
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
@click.option("--hint", "as_hint", is_flag=True, help="For learners: what is right, and a question, no solution.")
def run(
    cases: tuple[str, ...], examples: int, seed: int, timeout: float, least_examples: int | None, as_hint: bool
) -> None:
    """Judge every case in CASES: path.py or package.module, each optionally ::case-name.

    Exit codes: 0 every case correct; 1 a gradient is wrong; 2 usage, import or configuration error;
    3 inconclusive, incomplete or nothing ran.
    """
    with _refusing():
        ask = partial(judge_case, timeout=check_seconds(timeout), least_examples=least_examples)
        loaded = load_targets(cases)
    sys.exit(judge_all(loaded, examples, seed, ask, hint if as_hint else str))


@main.command("replay")
@click.argument("token")
@click.option("--snippet", "as_snippet", is_flag=True, help="Print Python that makes it again, to be pasted.")
def replay_command(token: str, as_snippet: bool) -> None:
    """Judge the example of TOKEN again: the word that a report prints after `again: gradcheck replay`.

    Exit codes as for `run`; with --snippet 0.
    """
    with _refusing():
        report = replay(token)
        text = snippet_of(report).rstrip("\n") if as_snippet else str(report)
    click.echo(text)
    sys.exit(CORRECT if as_snippet else exit_code([report.verdict.value], 1))


@main.command("explain")
@click.argument("code", required=False)
def explain_command(code: str | None) -> None:
    """Say what the law CODE demands, why, what breaks it and how to mend it, with an example.

    A word that reports use, such as cotangent or floor, is explained too. Without CODE: the list of all.
    """
    with _refusing():
        click.echo(explain(code) if code else every_code())


def judge_all(
    targets: Sequence[tuple[str, Case]],
    examples: int,
    seed: int,
    ask: Callable[..., Report] = judge_case,
    write: Callable[[Report], str] = str,
) -> int:
    """Judge cases by ``ask``, each beside where it is from, printing each as it is done; return the exit code.

    ``write`` puts the reports that need reading into words.
    """
    console = Console(soft_wrap=True)
    cases = [case for _, case in targets]
    table = Table(console, cases, write)
    remembered = Remembered()
    console.print(f"seed {seed}, {examples} examples a case", highlight=False)
    table.head()
    rows: list[Row] = []
    start = time.monotonic()
    with progress_bar() as progress:
        bar = progress.add_task("", total=examples)
        try:
            for target, case in targets:
                progress.reset(bar, total=examples, description=str(case))
                number = same_named([c for t, c in targets if t == target], case)
                first = remembered.examples(target, case, number)
                row = _judge(partial(ask, case, examples, seed, lambda: progress.advance(bar), first=first), case)
                token = _token(row, target, number, seed)
                if row.report is not None:
                    wrong = row.report.verdict is Verdict.WRONG
                    remembered.keep(target, case, number, token if wrong else None)
                rows.append(_replayable(row, token))
                table.row(rows[-1])
        except KeyboardInterrupt:
            console.print("interrupted", highlight=False)
    table.details(rows)
    table.summary(rows, len(cases), time.monotonic() - start)
    return exit_code([row.word for row in rows], len(cases))


def exit_code(words: Sequence[str], asked: int) -> int:
    """The worst that happened: a wrong gradient, then an error, then anything that is not green."""
    if "wrong" in words:
        return WRONG
    if "error" in words:
        return USAGE
    green = words and all(word == "correct" for word in words) and len(words) == asked
    return CORRECT if green else INCONCLUSIVE


def _judge(ask: Callable[[], Report], case: Case) -> Row:
    start = time.monotonic()
    try:
        report = ask()
    except UsageError as error:
        return Row(case, time.monotonic() - start, error=str(error))
    except SystemExit as error:
        return Row(case, time.monotonic() - start, error=f"the op called exit({error.code})")
    except Exception:  # noqa: BLE001 - a fault of gradcheck must not look like a verdict
        return Row(case, time.monotonic() - start, error=f"a fault in gradcheck itself:\n{traceback.format_exc()}")
    return Row(case, time.monotonic() - start, report)


def _token(row: Row, target: str, number: int, seed: int) -> str | None:
    """What makes the example of a report again, where there is one to be made."""
    if row.report is None or row.report.verdict is Verdict.CORRECT:
        return None
    return write_token(target, row.case, number, row.report, seed)


def _replayable(row: Row, token: str | None) -> Row:
    """The row whose report says how to see it again from the command line."""
    if row.report is None or token is None:
        return row
    return replace(row, report=replace(row.report, reproduce=f"gradcheck replay {token}"))


@contextmanager
def _refusing() -> Iterator[None]:
    """What is put wrongly is one sentence and exit code 2."""
    try:
        yield
    except UsageError as error:
        click.echo(f"gradcheck: {error}", err=True)
        raise click.exceptions.Exit(USAGE) from None
