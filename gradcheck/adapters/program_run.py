"""A program and how it is asked: run for each point, or started once and told where files lie."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from gradcheck.errors import ConventionError

from .limits import LINE, SHOWN
from .process import Running, Served, ended, kill_group
from .program_files import FORMATS, Tensors, Unreadable


@dataclass(frozen=True)
class Program:
    """A program and its names; ``answered`` says of what it has given an answer that could be read."""

    name: str
    command: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    constants: tuple[str, ...]
    format: str
    seconds: float
    served: Served | None
    answered: set[str] = field(default_factory=set)

    def ask(self, what: str, tensors: Tensors) -> Tensors:
        """What it writes for what it is to read."""
        write, read = FORMATS[self.format]
        with tempfile.TemporaryDirectory(prefix="gradcheck-", ignore_cleanup_errors=True) as folder:
            given, wanted = (Path(folder) / f"{name}{self.format}" for name in ("in", "out"))
            try:
                write(given, tensors)
            except Unreadable as error:
                raise self.fault(what, f"{self.name} cannot be asked: {error}") from None
            if self.served is None:
                self._run(given, wanted)
            else:
                self.served.ask(self.name, lambda running: _serve(self.name, running, given, wanted))
            if not wanted.exists():
                raise self.fault(what, f"{self.name} wrote no file: the second path that it gets is where to")
            try:
                return read(wanted)
            except Unreadable as error:
                raise self.fault(what, f"{self.name} wrote a file {error}") from None

    def fault(self, what: str, sentence: str) -> Exception:
        """What cannot be asked or used: a question put wrongly, unless this was answered before, as of other dtypes."""
        return (RuntimeError if what in self.answered else ConventionError)(sentence)

    def _run(self, given: Path, wanted: Path) -> None:
        with tempfile.TemporaryFile() as said:
            try:
                process = subprocess.Popen(
                    [*self.command, str(given), str(wanted)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    start_new_session=True,
                )
            except OSError as error:
                raise ConventionError(f"{self.name} cannot be started: {error.strerror or error}") from error
            late = threading.Event()

            def give_up() -> None:
                late.set()
                kill_group(process)

            timer = threading.Timer(self.seconds, give_up)
            timer.daemon = True
            timer.start()
            try:
                code = process.wait()
            finally:  # also where the time of the whole question is over
                timer.cancel()
                kill_group(process)
                process.wait()
            if late.is_set():
                raise TimeoutError(f"{self.name} gave no answer within {self.seconds:g} s")
            if code != 0:
                raise ChildProcessError(f"{self.name} {ended(code, said)}")


def _serve(name: str, running: Running, given: Path, wanted: Path) -> None:
    running.send(f"{given}\t{wanted}\n".encode())
    line = running.receive_line(LINE).decode(errors="replace").strip()
    word, _, message = line.partition(" ")
    if word == "error":
        raise RuntimeError(f"{name} answered: {message or 'error'}")
    if line != "ok":
        raise ConventionError(
            f"{name} answered {line[:SHOWN]!r} where a line `ok` is due, or `error` and what is wrong: what else it "
            "prints goes to standard error"
        )
