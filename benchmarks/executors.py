"""The processes of `gradcheck prove` beside executors that others maintain: ``python -m benchmarks.executors``.

Every executor carries out the same tasks, in the same sandbox: what is compared is how a process comes about, and what
becomes of the others when one of them loops, exits or crashes. Pebble is left out where it is not installed.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gradcheck.gate import prove
from gradcheck.gate.loading import load_cases
from gradcheck.mutants.proof import Settings
from gradcheck.workers import Loaded, Outcome, Stop, Stopped, Task, contained
from gradcheck.workers.edited_import import Sources, own_modules
from gradcheck.workers.limits import MEMORY
from gradcheck.workers.task import Load, Setup
from gradcheck.workers.worker import carry_out

TARGETS = ["tests/cases.py"]
JOBS = 2
SAMPLE = 12  # mutants per backward
_PRELOADED = "GRADCHECK_EXECUTORS_PRELOAD"  # where a fork server finds what it shall load before it forks

SOURCES = Sources()
CASES: list[Any] = []
if _PRELOADED in os.environ and __name__ == "benchmarks.executors":  # in the fork server, which imports this module
    SOURCES.watch()
    CASES = load_cases(os.environ[_PRELOADED].split(os.pathsep))

Ask = Callable[[Iterable[Task]], Iterator[Outcome]]


def in_a_worker(setup: Setup, task: Task) -> Outcome:
    """One task in the process of another's executor: the cases are there already, or are loaded now."""
    if CASES:
        return carry_out(setup, SOURCES, CASES, task, own_modules(task.path))
    sources = Sources()
    sources.watch()
    return carry_out(setup, sources, setup.load(setup.targets), task, own_modules(task.path))


def executor_of(modules: Sequence[str], *, preloaded: bool, pebble: bool) -> Any:
    """A context manager as `contained` is one, over another's executor with multiprocessing's own fork server."""

    @contextmanager
    def asking(targets: Sequence[str], load: Load, jobs: int) -> Iterator[Ask]:
        os.environ.pop(_PRELOADED, None)
        if preloaded:
            os.environ[_PRELOADED] = os.pathsep.join(targets)
        from multiprocessing.forkserver import _forkserver  # type: ignore[attr-defined]

        _forkserver._stop()  # there is one for the whole process, and it has loaded other cases
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(modules))
        with tempfile.TemporaryDirectory() as folder:
            setup = Setup(tuple(targets), load, folder, MEMORY)
            if pebble:
                from pebble import ProcessPool

                with ProcessPool(max_workers=jobs, max_tasks=1, context=context) as pool:
                    yield lambda tasks: _answers(
                        [pool.schedule(in_a_worker, args=(setup, task), timeout=task.seconds) for task in tasks]
                    )
            else:
                with ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=1) as executor:
                    yield lambda tasks: _answers([executor.submit(in_a_worker, setup, task) for task in tasks])

    return asking


def _answers(futures: Sequence[Any]) -> Iterator[Outcome]:
    for future in futures:
        try:
            yield future.result()
        except TimeoutError:
            yield Stopped(Stop.TIMEOUT, "too late")
        except Exception as error:  # noqa: BLE001 - ProcessExpired, BrokenProcessPool: whatever ended the process
            yield Stopped(Stop.CRASHED, f"{type(error).__name__}: {error}")


EXECUTORS = {
    "ours": contained,
    "pebble, preloads the cases": executor_of(["benchmarks.executors"], preloaded=True, pebble=True),
    "pebble, preloads modules": executor_of(["gradcheck.mutants.judging", "torch"], preloaded=False, pebble=True),
    "concurrent.futures, preloads the cases": executor_of(["benchmarks.executors"], preloaded=True, pebble=False),
}
BAD = {
    "exits": "import os; os._exit(3)",
    "crashes": "import os; os.abort()",
    "eats memory": "x = bytearray(1 << 34)",
    "forks": "import os; os.fork()",
    "loops": "while True: pass",
}
_VJP = "        return dy * w, dy * x\n"
_FILE = (
    "from gradcheck import Case\n\n\ndef op(x, w):\n    def op_vjp(dy):\n" + _VJP + "\n    return x * w, op_vjp\n\n\n"
    'case = Case(op, "(n),(n)->(n)")\n'
)


def answer(loaded: Loaded) -> str:
    """Run the backward once."""
    import numpy as np

    _, vjp = loaded.cases[0].op(np.ones(2), np.ones(2))
    vjp(np.ones(2))
    return "ran"


def proof_seconds(executor: Any) -> tuple[float, str]:
    """How long `gradcheck prove tests/cases.py --sample 12` takes with an executor, and its last line."""
    cases = load_cases(TARGETS)
    prove.contained = executor  # type: ignore[attr-defined]
    out = io.StringIO()
    start = time.monotonic()
    with redirect_stdout(out):
        prove.prove_all(TARGETS, cases, Settings(sample=SAMPLE), JOBS, 100.0)
    return time.monotonic() - start, out.getvalue().strip().splitlines()[-1]


def isolation(executor: Any) -> str:
    """What is said of each bad backward, and of a good one that is asked after it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "isolated.py"
        path.write_text(_FILE)
        for name, code in BAD.items():
            with executor([str(path)], load_cases, 1) as ask:
                texts = [_FILE.replace(_VJP, f"        {code}\n{_VJP}"), _FILE]
                start = time.monotonic()
                bad, good = ask([Task(str(path), text, answer, 3.0) for text in texts])
                said = bad.why if isinstance(bad, Stopped) else "nothing"
                after = "next is answered" if not isinstance(good, Stopped) else f"NEXT IS LOST ({good.message[:40]})"
                found.append(f"{name}: {said}, {after}, {time.monotonic() - start:.1f} s")
    return "\n  ".join(found)


def main() -> None:
    """Print a row for each executor; those named on the command line, or all."""
    for name, executor in EXECUTORS.items():
        if sys.argv[1:] and not any(name.startswith(word) for word in sys.argv[1:]):
            continue
        if name.startswith("pebble") and find_spec("pebble") is None:
            print(f"{name}: not installed")
            continue
        seconds, last = proof_seconds(executor)
        print(f"{name}: {seconds:.1f} s\n  {last}", flush=True)
        if not name.startswith("concurrent"):
            print(f"  {isolation(executor)}", flush=True)


if __name__ == "__main__":
    from benchmarks.executors import main as importable  # so that a worker finds the functions by this name

    importable()
