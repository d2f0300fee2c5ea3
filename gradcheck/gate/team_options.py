"""What teams ask of ``gradcheck run``: a configuration, a baseline, the changed cases only, an early end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import click

from gradcheck.errors import UsageError
from gradcheck.report import Verdict
from gradcheck.report.events import CORRECT, INCONCLUSIVE, CaseDone, CaseName, Event, RunDone, RunStarted

from .baseline import Baseline
from .baseline_file import read_baseline, write_baseline
from .configuration import read_configuration
from .limits import LASTING
from .messages import Asked
from .targets import check_target
from .writers.output import Output


@dataclass
class Team:
    """What a team asks of a run. It stands between judging and the writers, and changes what happens on its way."""

    fail_fast: bool = False
    baseline: Baseline | None = None
    update: bool = False
    reason: str = ""
    expires: date = date.max
    since: str = ""
    left_out: tuple[CaseName, ...] = ()
    names: tuple[CaseName, ...] = ()
    done: list[CaseDone] = field(default_factory=list)
    end: RunDone = field(default_factory=lambda: RunDone(0, (), 0.0))
    whole: frozenset[str] = frozenset()

    def through(self, emit: Callable[[Event], None]) -> Callable[[Event], None]:
        """What takes every event, and hands it on to ``emit`` as the team sees it."""
        from .judging import Enough

        def pass_on(event: Event) -> None:
            match event:
                case RunStarted():
                    self.names = event.cases
                    emit(replace(event, left_out=self.left_out, since=self.since))
                case CaseDone():
                    seen = self._seen(event)
                    self.done.append(seen)
                    emit(seen)
                    if self.fail_fast and seen.word not in ("correct", "known"):
                        raise Enough
                case RunDone():
                    end = replace(event, cases=tuple(self.done), left_out=len(self.left_out))
                    self.end = replace(end, problems=self._problems())
                    emit(self.end)
                case _:
                    emit(event)

        return pass_on

    def select(self, targets: Sequence[str], asked: Asked, *, in_process: bool) -> Sequence[str]:
        """The targets that are to be judged; the cases that are not are named when the run starts."""
        if not self.since:
            return targets
        from .changed import changed_here, changed_in_workers

        found = changed_here(targets, self.since) if in_process else changed_in_workers(targets, self.since, asked)
        self.left_out = tuple(one.name for one in found if not one.is_changed)
        return list(dict.fromkeys(f"{one.name.target}::{one.name.name}" for one in found if one.is_changed))

    def _seen(self, done: CaseDone) -> CaseDone:
        """A case as the baseline has it."""
        if self.baseline is None or self.update:
            return done
        return replace(done, known=self.baseline.accepted(done, date.today()))

    def _problems(self) -> tuple[str, ...]:
        if self.baseline is None or self.update:
            return ()
        gone = self.baseline.gone(self.done, self._whole())
        return (*gone.values(), *self.baseline.expired(self.done, date.today()))

    def _whole(self) -> list[CaseName]:
        """The cases of the files that were asked for as a whole."""
        return [name for name in (*self.names, *self.left_out) if name.target in self.whole]

    def exit_code(self, code: int) -> int:
        """Of the command, where ``code`` is that of the run; an update of the baseline tells what it wrote instead."""
        if self.baseline is None or not self.update:
            return code
        if self.end.interrupted or not self.done or any(one.report is None for one in self.done):
            click.echo("the baseline is as it was: not every case was judged", err=True)
            return code or INCONCLUSIVE
        new = self.baseline.updated(self.done, self._whole(), self.reason, self.expires)
        added, gone = set(new.entries) - set(self.baseline.entries), set(self.baseline.entries) - set(new.entries)
        if added and not self.reason.strip():
            raise UsageError(
                f"{len(added)} failure{'s' if len(added) > 1 else ''} would be added to the baseline: "
                "say why they are put up with, --reason TEXT"
            )
        write_baseline(new)
        click.echo(f"{new.path}: {len(new.entries)} known, {len(added)} added, {len(gone)} taken out", err=True)
        return INCONCLUSIVE if any(one.word == Verdict.INCONCLUSIVE for one in self.done) else CORRECT


_OPTIONS = (
    click.option("--fail-fast", is_flag=True, help="Stop at the first case that is not correct."),
    click.option("--baseline", type=click.Path(dir_okay=False), help="Known failures, which do not fail the run."),
    click.option("--update-baseline", is_flag=True, help="Write the failures that there are now into --baseline."),
    click.option("--reason", default="", help="Why new entries of the baseline are put up with."),
    click.option("--expires", help=f"Until when new entries last, as 2027-01-31; default: for {LASTING} days."),
    click.option("--changed", metavar="BASE", help="Judge the cases only whose op differs from this git revision."),
)


def team_options(run: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options, and what the configuration says where the command line is silent.

    The command gets one argument for them, ``team``, and may be asked for no cases where the configuration has some.
    """

    @wraps(run)
    def configured(
        cases: tuple[str, ...],
        fail_fast: bool,
        baseline: str | None,
        update_baseline: bool,
        reason: str,
        expires: str | None,
        changed: str | None,
        **more: Any,
    ) -> Any:
        said = read_configuration()
        cases = cases or said.get("cases") or ()
        if not cases:
            raise UsageError("no cases: name a file that holds some, or write cases = [...] under [tool.gradcheck]")
        for target in cases:
            check_target(target)
        more = {name: _chosen(name, value, said.get(name.replace("_", "-"))) for name, value in more.items()}
        for option, text in {"--reason": reason, "--expires": expires}.items():
            if text and not update_baseline:
                raise UsageError(f"{option} is said of what --update-baseline adds: leave it out, or add that")
        team = Team(
            fail_fast=fail_fast or bool(said.get("fail-fast")),
            baseline=_baseline(said.get("baseline") if baseline is None else baseline, update_baseline),
            update=update_baseline,
            reason=reason,
            expires=_date(expires),
            since=_revision(changed),
            whole=frozenset(target for target in cases if "::" not in target),
        )
        return run(cases=cases, team=team, **more)

    for option in reversed(_OPTIONS):
        configured = option(configured)
    return configured


def _chosen(name: str, value: Any, said: Any) -> Any:
    """What the command line says, else the configuration."""
    source = click.get_current_context().get_parameter_source(name)
    return said if said is not None and source is click.core.ParameterSource.DEFAULT else value


def _baseline(path: str | None, update: bool) -> Baseline | None:
    if path is None:
        if update:
            raise UsageError("--update-baseline needs to know which: --baseline FILE")
        return None
    if not path.strip():
        raise UsageError(f"--baseline is {path!r}: name a file")
    if update:
        Output("--baseline", path).check()
    return Baseline(Path(path)) if update and not Path(path).exists() else read_baseline(path)


def _revision(text: str | None) -> str:
    if text is not None and not text.strip():
        raise UsageError(f"--changed is {text!r}: name a git revision, as main")
    return text or ""


def _date(text: str | None) -> date:
    today = datetime.now().date()
    if text is None:
        return today + timedelta(days=LASTING)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--expires is {text!r}: write a date as 2027-01-31") from None
    if found < today:
        raise UsageError(f"--expires is {text!r}, which is over: what is added would fail the next run")
    return found
