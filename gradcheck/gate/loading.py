"""Find the cases that a command line names."""

from __future__ import annotations

import gc
import importlib
import importlib.util
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from gradcheck.errors import CaseFileError
from gradcheck.foreign import message_of
from gradcheck.protocol import Case
from gradcheck.protocol.files import owner_of
from gradcheck.protocol.place import place_of
from gradcheck.protocol.surroundings import profile_by
from gradcheck.report.events import CaseName
from gradcheck.workers.dependencies import import_late_dependencies

from .limits import OLDEST, SHOWN
from .targets import check_target


class _FreshLoader(SourceFileLoader):
    """Compiles a case file anew each time: by its compiled copy an edit within the same second is not seen."""

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Raise OSError, which the import system takes for "no copy can be trusted, and none is written"."""
        raise OSError(f"{path} is always compiled anew")


def load_cases(targets: Sequence[str]) -> list[Case]:
    """Load ``path.py`` or ``package.module``, each optionally ``::case-name``, in order.

    Raises CaseFileError as `load_targets` does.
    """
    return [case for _, case in load_targets(targets)]


def load_targets(targets: Sequence[str]) -> list[tuple[str, Case]]:
    """The same, each case with the file or module that holds it, as it was typed.

    Raises CaseFileError with one sentence where a target is missing, cannot be imported, or holds no such case.
    """
    return [
        (target.partition("::")[0], case)
        for target, group in zip(targets, load_grouped(targets), strict=True)
        for case in group
    ]


def load_for_good(targets: Sequence[str]) -> list[list[Case]]:
    """As `load_grouped`, for a process that judges these cases and ends: what their files import is never collected.

    A framework is a million objects, and to look through all of them while it is imported and once in every few cases
    takes a third of the time. The young ones are looked through as ever, since a file may compute.
    """
    before = gc.get_threshold()
    ours = (*before[:2], OLDEST)
    gc.set_threshold(*ours)
    try:
        return load_grouped(targets)
    finally:
        if gc.get_threshold() == ours:
            gc.set_threshold(*before)
        gc.freeze()


def load_grouped(targets: Sequence[str]) -> list[list[Case]]:
    """The cases of each target, those left out that an earlier one holds; raises CaseFileError as `load_targets`."""
    modules: dict[str, ModuleType] = {}
    known: set[int] = set()
    groups = []
    for target in targets:
        check_target(target)
        source, _, wanted = target.partition("::")
        place = place_of_source(source)  # that a file has two names makes no two files of it
        if place not in modules:
            modules[place] = _load(source)
        cases = list(dict.fromkeys(cases_in(vars(modules[place]))))
        if not cases:
            raise CaseFileError(
                f"{source} holds no case: assign a gradcheck.Case, or a list of them, to a name at module level"
            )
        chosen = [case for case in cases if wanted in ("", str(case))]
        if not chosen:
            raise CaseFileError(f"{source} holds no case named {wanted}; it holds {_some(cases)}")
        groups.append([case for case in chosen if id(case) not in known])
        known.update(map(id, chosen))
    return groups


def name_cases(targets: Sequence[str], groups: Sequence[Sequence[Case]]) -> list[list[CaseName]]:
    """What each case is called: the source that holds it, its name, its number among its namesakes there."""
    counts: Counter[tuple[str, str]] = Counter()
    found: list[list[CaseName]] = []
    for target, group in zip(targets, groups, strict=True):
        found.append([])
        for case in group:
            key = target.partition("::")[0], str(case)
            found[-1].append(CaseName(*key, counts[key], *(place_of(case.op) or ())))
            counts[key] += 1
    return found


def place_of_source(source: str) -> str:
    """The same for every way to write the path of one file; a module by its name."""
    path = Path(source)
    return str(path.resolve()) if is_there(path) else source


def _some(cases: Sequence[Case]) -> str:
    """Their names, as many as somebody reads."""
    names = ", ".join(map(str, cases[:SHOWN]))
    return names if len(cases) <= SHOWN else f"{names} and {len(cases) - SHOWN} more"


def cases_in(module: Mapping[str, Any]) -> Iterator[Case]:
    """Every case at module level, alone or in containers, however deep: one that is overlooked is never judged.

    No object of the user's is asked anything: what it says of its class, or of what it holds, may be anything.
    """
    names = [name for name in module if not (name.startswith("__") and name.endswith("__"))]
    waiting: list[Any] = [module[name] for name in reversed(names)]
    seen: dict[int, Any] = {}  # the containers themselves, so that none of these numbers is given away again
    while waiting:
        value = waiting.pop()
        kind = _kind_of(value)
        if kind is Case:
            yield value
        elif kind is not None and id(value) not in seen:
            seen[id(value)] = value
            held = [item for item in _ITEMS[kind](value) if _kind_of(item) is not None]
            waiting += reversed(sorted(held, key=str) if kind in (set, frozenset) else held)


_ITEMS: dict[type, Callable[[Any], Iterable[Any]]] = {
    dict: dict.values,
    list: list.__iter__,
    tuple: tuple.__iter__,
    set: set.__iter__,
    frozenset: frozenset.__iter__,
}


def _kind_of(value: object) -> type | None:
    """Case, or the kind of container that it is; None for all else."""
    kinds = type.mro(type(value)) if type(value) is not type else ()
    return next((kind for kind in kinds if kind is Case or kind in _ITEMS), None)


def _load(source: str) -> ModuleType:
    is_path = source.endswith(".py") or "/" in source or "\\" in source or is_there(Path(source))
    if is_path:
        return _load_file(Path(source), source)
    _put_on_path(Path.cwd())
    try:
        known = importlib.util.find_spec(source) is not None
    except (ImportError, ValueError):
        known = False
    if not known:
        raise CaseFileError(
            f"{source} is neither a file nor a module that can be found from {Path.cwd().name}/{_two_colons(source)}"
        )
    try:
        with _put_back():
            return importlib.import_module(source)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _broken(source, error) from error


def _two_colons(source: str) -> str:
    """What was meant where a case stands behind one colon."""
    file, colon, case = source.rpartition(":")
    return f": did you mean {file}::{case}?" if colon and case and file[1:] and is_there(Path(file)) else ""


def _load_file(path: Path, source: str) -> ModuleType:
    if not source.strip():
        raise CaseFileError(f"{source!r} names no file: name the one that holds the cases")
    if not is_there(path):
        raise CaseFileError(f"{source} does not exist")
    if path.is_dir():
        raise CaseFileError(f"{source} is a folder; name the file in it that holds the cases")
    if path.suffix != ".py":
        raise CaseFileError(f"{source} is not a Python file; a case file ends in .py")
    path = path.resolve()
    name = _free_name(path)
    _put_on_path(_root(path))
    _put_on_path(path.parent)
    spec = importlib.util.spec_from_file_location(name, path, loader=_FreshLoader(name, str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _put_back():
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        sys.modules.pop(name, None)
        raise _broken(source, error) from error
    return module


@contextmanager
def _put_back() -> Iterator[None]:
    """Put back what an import may not take from the code that runs after it; what it gives that more, it keeps."""
    recursion, finders = sys.getrecursionlimit(), sys.meta_path[:]
    trace, profile = sys.gettrace(), sys.getprofile()
    try:
        yield
    finally:
        if sys.getrecursionlimit() < recursion:
            sys.setrecursionlimit(recursion)
        sys.settrace(trace)
        profile_by(profile)
        left = {id(finder) for finder in sys.meta_path}
        sys.meta_path += [finder for finder in finders if id(finder) not in left]


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder; there is none of a name that no file can have."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _put_on_path(folder: Path) -> None:
    """Let the user's modules be imported from a folder, before others as Python does for a script.

    What gradcheck itself needs is imported first: the folder may hold a `random.py` or a `hypothesis.py`.
    """
    import_late_dependencies()
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _root(path: Path) -> Path:
    """The folder from which the package that a file belongs to is imported; for a file in no package, its own."""
    folder = path.parent
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def _free_name(path: Path) -> str:
    """The name of a file as a module; another one where it is that of gradcheck, of Python's or of a library."""
    others = [folder for folder in sys.path if Path(folder).resolve() != path.parent]
    spec = PathFinder.find_spec(path.stem, others)
    loaded = getattr(sys.modules.get(path.stem), "__file__", None)
    taken = path.stem in sys.builtin_module_names or any(
        isinstance(origin, str) and owner_of(origin) != "" for origin in (loaded, spec and spec.origin)
    )
    return f"cases_in_{path.stem}" if taken else path.stem


def _broken(source: str, error: BaseException) -> CaseFileError:
    """One sentence with the line of the user's file, when there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    stem = Path(source).name if source.endswith(".py") else source.rpartition(".")[2] + ".py"
    lines = [frame.lineno for frame in frames if Path(frame.filename).name == stem]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    where = f" (line {lines[-1]})" if lines else ""
    text = f"SystemExit: it calls exit({error.code})" if isinstance(error, SystemExit) else message_of(error)
    return CaseFileError(f"{source} could not be imported: {text}{where}")
