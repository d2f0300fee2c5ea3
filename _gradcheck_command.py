"""The command ``gradcheck``, in a module of its own beside the package.

People keep a file `gradcheck.py` with their coursework. Where its folder is on PYTHONPATH, ``import gradcheck`` would
bring that file; what lies beside this one is the package that the command belongs to.

With ``python -m gradcheck`` the folder comes first whatever we do, and the user's file would be run, end with exit code
0 and have judged nothing: a gate that is green for the wrong reason. So `zz_gradcheck.pth`, which Python reads when it
starts, asks here whether it was started as ``python -m gradcheck`` with one of our subcommands; in every other process
it does nothing.
"""

import errno
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck.workers.interpreter import Clean

SUBCOMMANDS = ("run", "prove", "fix", "explain", "replay", "inventory", "skill")
IN_WORKERS = ("run", "prove", "fix", "replay")
"""Those that call the user's code, which they do in other processes."""
HELP = ("--help", "-h")


class OwnPackage:
    """Finds the `gradcheck` that lies beside this file, whatever else is called so on the path."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """As the import system asks; None for every other name."""
        return PathFinder.find_spec(name, [os.path.dirname(os.path.abspath(__file__))]) if name == "gradcheck" else None


class OwnFirst(OwnPackage):
    """Besides, finds all else in the folder that ``-m`` put first on the path only where nobody else has it.

    That folder may hold a `json.py` or a `rich.py` of the user's, which gradcheck has no use for.
    """

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """As the import system asks; None for parts of packages."""
        if path is not None or name == "gradcheck":
            return OwnPackage.find_spec(name)
        return PathFinder.find_spec(name, sys.path[1:] if sys.path[:1] in ([""], [os.getcwd()]) else sys.path)


def find_own_package_first() -> None:
    """Where Python was started as ``python -m gradcheck SUBCOMMAND``, find our package before the user's file."""
    words = sys.orig_argv
    if any(words[n : n + 2] == ["-m", "gradcheck"] and words[n + 2] in SUBCOMMANDS for n in range(len(words) - 2)):
        sys.meta_path.insert(0, OwnFirst)


def main() -> None:
    """Run the command."""
    if sys.argv[1:] == ["--version"] and _say_version():
        return
    import signal  # not where every Python imports this module

    asked = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) is not signal.SIG_IGN]
    before = [(number, signal.signal(number, _leave)) for number in asked]
    sys.meta_path.insert(0, OwnPackage)
    helped = sys.argv[-1] in HELP and (len(sys.argv) == 2 or (len(sys.argv) == 3 and sys.argv[1] in SUBCOMMANDS))
    if helped:
        _leave_package_empty()
    import gc

    gc.disable()  # what is imported stays
    works = sys.argv[1:2] and sys.argv[1] in IN_WORKERS and not {"--in-process", *HELP} & {*sys.argv[2:]}
    clean = _start_clean_process() if works and sys.platform == "linux" else None
    from gradcheck.gate.cli import main as command

    if not helped:  # what its subcommands import: no later, where a signal would be an exception
        from gradcheck.workers.launcher import Forking, launcher

        ready = launcher()
        if clean is not None and isinstance(ready, Forking):
            ready.adopt(clean)
    gc.freeze()
    gc.enable()
    sys.meta_path.remove(OwnPackage)
    if OwnFirst in sys.meta_path and not works:  # the user's code is imported here
        sys.meta_path.remove(OwnFirst)
    for number, handler in before:
        signal.signal(number, handler)
    command(prog_name="gradcheck")


def _start_clean_process() -> "Clean":
    """Start what workers are forked from before all else: it imports what this process imports meanwhile."""
    from importlib.util import module_from_spec, spec_from_file_location

    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gradcheck", "workers", "interpreter.py")
    spec = spec_from_file_location("_gradcheck_interpreter", place)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    clean: Clean = module.start_clean()
    return clean


def _leave_package_empty() -> None:
    """Let `gradcheck` be a package that has its parts and not its public names, which bring all that judges."""
    spec = OwnPackage.find_spec("gradcheck")
    if spec is not None and spec.submodule_search_locations is not None:
        package = ModuleType("gradcheck")
        package.__path__ = [*spec.submodule_search_locations]
        package.__spec__ = spec
        sys.modules["gradcheck"] = package


def _say_version() -> bool:
    """Answer without all that the command judges with, since scripts ask for it; whether there is an answer."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        text = f"gradcheck, version {version('gradcheck')}\n"
    except PackageNotFoundError:  # a checkout that is installed nowhere, which the command says
        return False
    try:
        os.write(1, text.encode())
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EBADF):  # that nobody reads it is no fault
            os.write(2, f"gradcheck: the output could not be written: {error.strerror}\n".encode())
            sys.exit(2)
    return True


def _leave(_number: int, _frame: object) -> None:
    """End while there is nothing yet that would have to be ended; an exception may be lost in the import system."""
    os.write(2, b"gradcheck: interrupted before there was an answer\n")
    os._exit(3)
