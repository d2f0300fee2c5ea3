"""Which functions are the backward of a case: found by running it, whatever way and in how many files it is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType

from gradcheck.generation.options import nth_options
from gradcheck.protocol import Case
from gradcheck.protocol.files import owner_of

from .along import along_with_the_value, handed_on
from .file import Source, UnreachableSourceError, read_tree
from .limits import OPTIONS_TRIED
from .named import named_codes
from .thin import is_thin
from .watching import watched, watched_second


@dataclass(frozen=True)
class FunctionAt:
    """A function by its qualified name and where its ``def`` or ``lambda`` stands: line from 1, column from 0.

    ``along`` says that it computes the value too: only what the value does not depend on belongs to the backward.
    """

    qualname: str
    line: int
    column: int
    along: bool = False


@dataclass(frozen=True)
class Backward:
    """The file of a backward and its functions there, the outermost first; ``elsewhere`` are its other files.

    ``entered`` says that the first function is what the vjp calls, so that the cotangent comes in there. ``unedited``
    are functions that it runs and that are not edited with it, by file and name: those of packages that it merely
    uses, and those that are in no file. ``forward`` are the functions that the forward runs.
    """

    path: str
    functions: tuple[FunctionAt, ...]
    elsewhere: tuple[Backward, ...] = ()
    entered: bool = True
    unedited: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    forward: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def parts(self) -> tuple[Backward, ...]:
        """Its functions file by file, that of the outermost function first."""
        return (self, *self.elsewhere)

    @property
    def is_installed(self) -> bool:
        """Whether the file is of an installed package, which is edited in memory only."""
        return owner_of(self.path) != ""


def find_backward(case: Case, seed: int = 0, *, raising: bool = False) -> Backward:
    """Ask the vjp of a case at an ordinary example, with each of its options, and see which functions answer.

    Every function that answered is the backward, in whatever file it stands, unless the forward runs it as well: an
    edit there would change the function itself. Of what the adapter named as holding the backward (see `named`) a
    function that the forward runs counts too, as far as the value does not depend on it.

    ``raising``: where it raises wherever it is asked, what ran until then counts.

    Raises UnreachableSourceError, with one sentence, where there is no source of it to edit.
    """
    ran: dict[CodeType, None] = {}
    forward: dict[CodeType, None] = {}
    for number in range(OPTIONS_TRIED):
        options = nth_options(case, number)
        if number and all(options[name] is value for name, value in nth_options(case, 0).items()):
            break
        before, after = watched(case, options, seed, raising=raising)
        forward.update(dict.fromkeys(before))
        ran.update(dict.fromkeys(after))
    own = [code for code in ran if code not in forward and _is_somebodys(code)]
    named = [code for code in named_codes(case.op) if code in forward]
    both = [code for code in (*named, *handed_on((*named, *own), forward)) if _is_somebodys(code)]
    along, alone = along_with_the_value(case, both, list(forward), seed)
    twice = [code for code in watched_second(case, seed) if code not in forward and _is_somebodys(code)]
    own += [code for code in dict.fromkeys((*along, *alone, *twice)) if code not in own]
    if not own:
        raise UnreachableSourceError(
            "its vjp runs no Python function of its own: the backward is a builtin, compiled, a library's, or computed "
            "along with the forward; name an op whose backward is a Python function"
        )
    found = _sorted_into_files(own, frozenset(along))
    known = [code for code in forward if _is_somebodys(code) and _is_file(code.co_filename)]
    return replace(found, forward=tuple((code.co_filename, code.co_qualname) for code in known))


def _is_somebodys(code: CodeType) -> bool:
    made = code.co_filename == "<string>" and code.co_name.startswith("__")  # by dataclass
    return owner_of(code.co_filename) is not None and not made


def _sorted_into_files(own: list[CodeType], along: frozenset[CodeType]) -> Backward:
    """The functions by file, and those of packages that are merely used set apart."""
    _demand_file(own[0])
    sources: dict[str, Source] = {}
    found: dict[str, dict[FunctionAt, None]] = {}
    unedited: dict[tuple[str, str], None] = {}
    for code in own:
        path = code.co_filename
        if not _is_file(path):
            unedited[path, code.co_qualname] = None
        elif code.co_name == "<lambda>" or not code.co_name.startswith("<"):  # no comprehension
            source = sources.get(path) or sources.setdefault(path, read_tree(path))
            function = source.find(code)
            start = source.positions[function].start
            at = FunctionAt(source.qualname(function), start.line, start.column, code in along)
            found.setdefault(path, {})[at] = None
    for path in _merely_used(sources, found):
        unedited.update(dict.fromkeys((path, function.qualname) for function in found.pop(path)))
    (path, first), *rest = ((path, tuple(functions)) for path, functions in found.items())
    others = tuple(Backward(other, functions, entered=False) for other, functions in rest)
    return Backward(path, first, others, unedited=tuple(unedited))


def _merely_used(sources: dict[str, Source], found: dict[str, dict[FunctionAt, None]]) -> list[str]:
    """The files of installed packages that are no part of the backward: another's, where somebody computes before.

    The first package is the backward's own. The user's functions hand on to it what they are asked, and no more, where
    it is the real backward; where they compute themselves it is a tool.
    """
    owners = {path: owner_of(path) for path in found}
    computing = any(
        not is_thin(sources[path], function.line, function.column)
        for path, functions in found.items()
        if owners[path] == ""
        for function in functions
    )
    packages = list(dict.fromkeys(owner for owner in owners.values() if owner))
    own = {""} if computing else {"", *packages[:1]}
    return [path for path, owner in owners.items() if owner not in own]


def _is_file(name: str) -> bool:
    return not name.startswith("<") and Path(name).is_file()


def _demand_file(code: CodeType) -> None:
    if not _is_file(code.co_filename):
        raise UnreachableSourceError(
            f"the source of `{code.co_name}` is not in a file ({code.co_filename}): it was typed into a session or "
            "made by exec; save it to a file"
        )
