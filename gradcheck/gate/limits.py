"""What the command reads at most, with unit and reason."""

from __future__ import annotations

LONGEST = 1 << 20
"""Bytes of an example in a token: none is that long, and what is longer was made to fill the memory."""

BASELINE_LONGEST = 1 << 26
"""Bytes of a baseline: a hundred thousand known failures take less, and a file of more is another one."""

LASTING = 90
"""Days for which a new entry of a baseline lasts where nobody says otherwise: until the next quarter is planned."""

LEAST_NAME = 16
"""Cells that the name of a case gets before columns of numbers do, where a terminal is narrow: it tells the case."""

ANNOTATIONS = 10
"""Annotations of a step: GitHub shows no more of a kind, and drops the others without a word."""

SUMMARY = 900_000
"""Bytes of a job summary: GitHub refuses one of more than a mebibyte, and other steps may have written before."""
SHOWN = 20
"""Cases of a file that are named where one was asked for that is not there: nobody reads on."""

NAMES = 5
"""Cases that are named before a remark that many share: the table above has them all."""

LOADING = 60.0
"""Seconds in which the cases of a file must be loaded, where a case may not take longer: PyTorch and JAX from a cold
disk take some thirty."""

PHASES = 4.0
"""Times that of the case after which its process is ended: the search, an example begun in time, making it small and
finding its cause may each take as long."""

WAITING = 8
"""Processes that are kept while cases of other files are judged, since importing their file again would take longer:
each holds what its file imports, a framework of some hundred megabytes."""

LARGEST = 2**63 - 1
"""Of a size and of a seed in a token: NumPy takes no larger one, and what fits no memory is refused by its case."""

TIMED = 4096
"""Cases whose duration is kept: more than a repository has, and a file of some hundred kilobytes."""

WORKERS_A_CORE = 4
"""Processes that judge at a time, for each core: one fills it, and those of cases that wait for a device or a file may
overlap. More would be no faster, and a thousand of them hold the machine."""

OLDEST = 1000
"""Collections of the middle generation between two of the oldest while case files are imported: some ten million
objects, more than two frameworks have, and less than what fills the memory."""

TOLD = 0.1
"""Seconds between two messages that say how many examples are judged: as often as a bar is drawn anew. A message for
each takes a tenth of the time from where there are as many workers as cores."""
