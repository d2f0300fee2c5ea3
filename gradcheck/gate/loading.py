"""Find the cases that a command line names."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from gradcheck.errors import CaseFileError
from gradcheck.protocol import Case


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
    found: dict[int, tuple[str, Case]] = {}
    for target in targets:
        source, _, wanted = target.partition("::")
        cases = list(dict.fromkeys(_cases_in(_load(source))))
        if not cases:
            raise CaseFileError(
                f"{source} holds no case: assign a gradcheck.Case, or a list of them, to a name at module level"
            )
        chosen = [case for case in cases if wanted in ("", str(case))]
        if not chosen:
            raise CaseFileError(f"{source} holds no case named {wanted}; it holds {', '.join(map(str, cases))}")
        found.update((id(case), (source, case)) for case in chosen)
    return list(found.values())


def _cases_in(module: ModuleType) -> Iterator[Case]:
    for value in list(vars(module).values()):
        if isinstance(value, Case):
            yield value
        elif isinstance(value, list | tuple):
            yield from (item for item in value if isinstance(item, Case))


def _load(source: str) -> ModuleType:
    is_path = source.endswith(".py") or "/" in source or "\\" in source or Path(source).exists()
    if is_path:
        return _load_file(Path(source), source)
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        known = importlib.util.find_spec(source) is not None
    except (ImportError, ValueError):
        known = False
    if not known:
        raise CaseFileError(f"{source} is neither a file nor a module that can be found from {Path.cwd().name}/")
    try:
        return importlib.import_module(source)
    except (Exception, SystemExit) as error:
        raise _broken(source, error) from error


def _load_file(path: Path, source: str) -> ModuleType:
    if not path.exists():
        raise CaseFileError(f"{source} does not exist")
    if path.is_dir():
        raise CaseFileError(f"{source} is a folder; name the file in it that holds the cases")
    if path.suffix != ".py":
        raise CaseFileError(f"{source} is not a Python file; a case file ends in .py")
    path = path.resolve()
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path, loader=_FreshLoader(path.stem, str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        sys.modules.pop(path.stem, None)
        raise _broken(source, error) from error
    return module


def _broken(source: str, error: BaseException) -> CaseFileError:
    """One sentence with the line of the user's file, when there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    stem = Path(source).name if source.endswith(".py") else source.rpartition(".")[2] + ".py"
    lines = [frame.lineno for frame in frames if Path(frame.filename).name == stem]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    where = f" (line {lines[-1]})" if lines else ""
    text = " ".join(str(error).split())
    if isinstance(error, SystemExit):
        text = f"it calls exit({error.code})"
    return CaseFileError(f"{source} could not be imported: {type(error).__name__}: {text}{where}")
