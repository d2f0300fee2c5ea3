"""What happens in the process of one mutant."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from gradcheck.errors import UsageError
from gradcheck.protocol import Case

from .edited_import import Sources
from .in_use import InUse
from .sandbox import confine
from .task import Answered, Loaded, Outcome, Setup, Stop, Stopped, Task


def carry_out(
    setup: Setup, sources: Sources, originals: list[Case], in_use: InUse, task: Task, forgotten: Sequence[str]
) -> Outcome:
    """Load the edited source and do the work, under the limits; whatever the mutant raises becomes an outcome.

    Nothing ``in_use`` may be another afterwards. For a process that ends soon: neither the limits nor the edited
    source can be taken back.
    """
    confine(setup.folder, setup.memory)
    try:
        try:
            edited = sources.override(task.path, task.text, forgotten)
            for path, text in task.others:
                edited |= sources.override(path, text, forgotten)
            cases = setup.load(setup.targets)
        except (SyntaxError, ValueError) as error:  # also a CaseFileError: whatever the file raised at import
            return Stopped(Stop.INVALID, _sentence(error))
        if [str(case) for case in cases] != [str(case) for case in originals]:
            return Stopped(Stop.INVALID, "the edited source holds other cases")
        value = task.work(Loaded(originals, cases, lambda code: id(code) in edited))
        in_use.demand("it")
        return Answered(value)
    except UsageError as error:
        return Stopped(Stop.REFUSED, " ".join(str(error).split()))
    except MemoryError:
        return Stopped(Stop.MEMORY, "it asked for more memory than it may have")
    except (SystemExit, KeyboardInterrupt) as error:
        return Stopped(Stop.EXITED, f"it raised {type(error).__name__}({error})")
    except BaseException:  # noqa: BLE001 - a fault of gradcheck must not look like a verdict
        return Stopped(Stop.FAULT, traceback.format_exc())


def _sentence(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
