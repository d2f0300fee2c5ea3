"""Several questions at once, their answers one after another: what is said is the same whoever is faster."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")
Step = Callable[[], object]


def in_order(
    executor: Executor, works: Sequence[Callable[[Step], T]], begun: Sequence[int] | None = None
) -> Iterator[tuple[int, T | None]]:
    """Do all works, each given a function to be called at every step; yield by number None for a step, and the result.

    What a later work has come to is kept until every earlier one is done. ``begun``: the numbers in the order in which
    they are begun; default: that of the works.
    """
    happened: SimpleQueue[tuple[int, Future[T] | None]] = SimpleQueue()

    def submit(number: int, work: Callable[[Step], T]) -> None:
        future = executor.submit(work, lambda: happened.put((number, None)))
        future.add_done_callback(lambda done: happened.put((number, done)))

    for number in range(len(works)) if begun is None else begun:
        submit(number, works[number])
    kept: defaultdict[int, deque[Future[T] | None]] = defaultdict(deque)
    for number in range(len(works)):
        done = None
        while done is None:
            while not kept[number]:
                which, future = happened.get()
                kept[which].append(future)
            done = kept[number].popleft()
            yield number, None if done is None else done.result()
        del kept[number]
