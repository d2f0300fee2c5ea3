"""Which cases have something of theirs changed since a revision of git.

Where a case file itself differs outside the functions that ops are made of, all its cases are judged; so are those of
which nothing can be told.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcheck.errors import CaseFileError, UsageError
from gradcheck.plain import from_plain
from gradcheck.protocol import Case
from gradcheck.report.events import CaseName
from gradcheck.workers.asked import Ended
from gradcheck.workers.channel import Channel

from .depends import Name, depends_on, values_named
from .judging import sources_of
from .limits import LOADING
from .loading import load_grouped, name_cases
from .messages import Asked
from .pool import advice, start
from .revision import Revision


@dataclass(frozen=True)
class Since:
    """What a process is asked that loads the cases of these targets: which have changed since a revision."""

    targets: tuple[str, ...]
    base: str


@dataclass(frozen=True)
class Told:
    """Of one case, whether it has to be judged again."""

    name: CaseName
    is_changed: bool


ANSWERS = {"refused": str, "told": tuple[Told, ...]}


def changed_in_workers(targets: Sequence[str], base: str, asked: Asked) -> list[Told]:
    """Of every case of the targets, whether it has changed, told by a process for each file that holds cases.

    UsageError where git cannot be asked; CaseFileError where cases cannot be loaded.
    """
    Revision(base, Path.cwd())
    found: list[Told] = []
    for source in sources_of(targets):
        worker = start("gradcheck.gate.changed:tell_changed", Since(source.targets, base), ANSWERS, asked.seed, None)
        try:
            answer = worker.answer(max(LOADING, asked.seconds))
        finally:
            worker.close()
        if isinstance(answer, Ended):
            raise CaseFileError(f"{source.name} could not be imported: its process {answer.message}{advice(answer)}")
        if answer[0] == "refused":
            raise UsageError(answer[1])
        found += answer[1]
    return found


def tell_changed(channel: Channel, about: Any) -> None:
    """The same from inside such a process."""
    wanted = from_plain(Since, about)
    try:
        channel.send("told", changed_here(wanted.targets, wanted.base))
    except UsageError as error:
        channel.send("refused", str(error))


def changed_here(targets: Sequence[str], base: str) -> list[Told]:
    """The same where the cases are loaded in this process."""
    groups = load_grouped(targets)
    names = [name for group in name_cases(targets, groups) for name in group]
    cases = [case for group in groups for case in group]
    pairs = [(case, file_of(name.target)) for case, name in zip(cases, names, strict=True)]
    return [Told(name, is_changed) for name, is_changed in zip(names, changed(pairs, base, Path.cwd()), strict=True)]


def file_of(target: str) -> str:
    """The file of a target, whose cases have been loaded."""
    return target if target.endswith(".py") else str(getattr(sys.modules[target], "__file__", None) or target)


def changed(cases: Sequence[tuple[Case, str]], base: str, folder: Path) -> list[bool]:
    """Of each case, beside the file that holds it, whether it has to be judged again.

    UsageError where git cannot be asked.
    """
    revision = Revision(base, folder)
    needs = [depends_on(case, revision.is_own) for case, _ in cases]
    apart: dict[str, set[str]] = {}
    for found in needs:
        for file, word in found or ():
            apart.setdefault(os.path.realpath(file), set()).add(word)
    whole = {
        file: not revision.is_own(file)
        or revision.differs_elsewhere(file, apart.get(os.path.realpath(file), ()))
        or any(map(revision.is_other_value, _values_of(file, revision)))
        for file in {file for _, file in cases}
    }
    return [
        found is None or whole[file] or any(map(revision.differs, found))
        for found, (_, file) in zip(needs, cases, strict=True)
    ]


def _values_of(file: str, revision: Revision) -> set[Name]:
    """What a case file that has been loaded names in other files of the repository."""
    path = os.path.realpath(file)
    loaded = [m for m in [*sys.modules.values()] if os.path.realpath(getattr(m, "__file__", None) or "") == path]
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        found = {name for module in loaded for name in values_named(module, tree)}
    except (OSError, ValueError, ImportError):
        return set()
    return {name for name in found if name[0] and revision.is_own(name[0])}
