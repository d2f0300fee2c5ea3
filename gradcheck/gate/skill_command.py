"""The command ``gradcheck skill``: the page for programs that write programs."""

from __future__ import annotations

from importlib.resources import files

import click


@click.command("skill")
def skill_command() -> None:
    """Print the page for coding agents: which commands to run, how to read the JSON, what each verdict asks for.

    It is a file SKILL.md as agents read them: `gradcheck skill > .skills/gradcheck/SKILL.md`, wherever yours looks.
    """
    click.echo(files("gradcheck").joinpath("SKILL.md").read_text(encoding="utf-8"), nl=False)
