"""The command ``gradcheck inventory``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradcheck.errors import UsageError
from gradcheck.report.events import CORRECT, INCONCLUSIVE, WRONG

from .configuration import read_configuration
from .writers.output import Output

if TYPE_CHECKING:
    from .inventory import Entry, Tree


@click.command("inventory")
@click.argument("paths", nargs=-1)
@click.option("--cases", "case_files", multiple=True, help="As for run, or a folder; may be repeated.")
@click.option("--sarif", help="Write the uncovered ones as SARIF into this file; - for standard output.")
@click.option("--fail-uncovered", is_flag=True, help="End with exit code 1 where a backward has no case.")
def inventory_command(
    paths: tuple[str, ...], case_files: tuple[str, ...], sarif: str | None, fail_uncovered: bool
) -> None:
    """List the backward passes at or below PATHS, and which of them a case judges.

    They are found in the syntax tree, nothing is imported: subclasses of torch.autograd.Function, custom ops with
    register_autograd, jax's custom_vjp, autograd's defvjp, functions that return a value and the function that goes
    back, and pairs called name_forward and name_backward. A backward is covered where a case names it, or names what
    calls it. Without PATHS and --cases: what [tool.gradcheck] in pyproject.toml says.

    Exit codes: 0; with --fail-uncovered 1 where one is uncovered, and 3 where a file could not be read; 2 usage error.
    """
    from .inventory import read_tree, take_inventory

    said = read_configuration()
    where = paths or said.get("inventory") or ()
    if not where:
        raise UsageError("no paths: name the folder of your sources, or inventory = [...] under [tool.gradcheck]")
    tree = read_tree(where)
    cases = read_tree([_file(target) for target in case_files or said.get("cases") or ()])
    entries = take_inventory(tree, cases)
    for sentence in dict.fromkeys((*tree.unread, *cases.unread)):
        click.echo(f"gradcheck: {sentence}", err=True)
    _write(entries, tree, sarif)
    if not fail_uncovered:
        sys.exit(CORRECT)
    uncovered = not all(entry.is_covered for entry in entries)
    sys.exit(WRONG if uncovered else INCONCLUSIVE if tree.unread or cases.unread else CORRECT)


def _file(target: str) -> str:
    """The case file of a target as `gradcheck run` takes it, also where that is a module, or one case of it."""
    source = target.partition("::")[0]
    words = source.split(".")
    if Path(source).exists() or source.endswith(".py") or not all(map(str.isidentifier, words)):
        return source
    path = Path(*words)
    return str(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))


def _write(entries: Sequence[Entry], tree: Tree, sarif: str | None) -> None:
    from .inventory.sarif import to_sarif

    if sarif == "-":
        click.echo(to_sarif(entries), nl=False)
        return
    if sarif is not None:
        output = Output("--sarif", sarif)
        output.check()
        output.write(to_sarif(entries))
    places = [f"{entry.file}:{entry.backward.line}" for entry in entries]
    wide = max(map(len, places), default=0)
    kinds = max((len(entry.backward.kind) for entry in entries), default=0)
    for place, entry in zip(places, entries, strict=True):
        word = "covered" if entry.is_covered else "uncovered"
        by = f"  by {', '.join(entry.covered_by)}" if entry.is_covered else ""
        click.echo(f"{word:<9}  {place:<{wide}}  {entry.backward.kind:<{kinds}}  {entry.backward.name}{by}")
    covered = sum(entry.is_covered for entry in entries)
    files = f"{len(tree.modules)} file{'' if len(tree.modules) == 1 else 's'}"
    if not entries:
        click.echo(f"no backward pass in {files}")
    else:
        click.echo(f"{len(entries)} in {files}: {covered} covered, {len(entries) - covered} uncovered")
