"""Another backward in the place of the loaded one, without loading anything anew: a thousand in a second."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import CodeType, FunctionType

from gradcheck.source import Edit, render

Key = tuple[str, int, tuple[int | None, ...]]


@dataclass(frozen=True)
class _Piece:
    """One statement at the top of a file: bytes from ``start`` to ``end``, of which the first is on ``line``."""

    start: int
    end: int
    line: int


class Patcher:
    """Replaces the code of the functions of one file that are alive in this process.

    A function that stands in another is made of that one's code at every call; those at the top of the file, methods,
    and those that a factory made are changed themselves.
    """

    def __init__(self, path: str, text: str, alive: Sequence[FunctionType] | None = None) -> None:
        self.path = path
        self.text = text
        self._pieces = list(_pieces(text))
        self._unedited: dict[_Piece, CodeType] = {}
        self._alive: dict[Key, list[FunctionType]] = {}
        for function in functions_of([path])[path] if alive is None else alive:
            self._alive.setdefault(_key(function.__code__), []).append(function)

    @contextmanager
    def patched(self, edits: Sequence[Edit]) -> Iterator[bool]:
        """The edited functions while it lasts; False where the edit makes no other program, or cannot be made so."""
        changed: list[tuple[FunctionType, CodeType]] = []
        try:
            pairs = self._pairs(edits)
        except (SyntaxError, ValueError, _OtherStructureError):
            pairs = []
        try:
            for old, new in pairs:
                for function in self._alive.get(_key(old), ()):
                    before = function.__code__
                    with suppress(ValueError):  # it would see other variables: what encloses it makes it anew
                        function.__code__ = new
                        changed.append((function, before))
            yield bool(changed)
        finally:
            for function, code in changed:
                function.__code__ = code

    def _pairs(self, edits: Sequence[Edit]) -> list[tuple[CodeType, CodeType]]:
        """Old and new code of every function in the statement that is edited, from the outside in."""
        piece = next(p for p in self._pieces if p.start <= edits[0].start and edits[0].end <= p.end)
        raw = self.text.encode()
        longer = sum(len(edit.after.encode()) - (edit.end - edit.start) for edit in edits)
        edited = render(self.text, edits).encode()
        if piece not in self._unedited:
            self._unedited[piece] = self._compiled(raw[piece.start : piece.end], piece)
        before = self._unedited[piece]
        after = self._compiled(edited[piece.start : piece.end + longer], piece)
        if _program(before) == _program(after):
            raise _OtherStructureError
        return list(_together(before, after))

    def _compiled(self, piece: bytes, at: _Piece) -> CodeType:
        return compile("\n" * (at.line - 1) + piece.decode(), self.path, "exec", dont_inherit=True)


class Patchers:
    """A patcher for each of several files, made when it is first needed."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self._alive: Mapping[str, Sequence[FunctionType]] | None = None
        self._made: dict[str, Patcher] = {}

    @contextmanager
    def patched(self, edits: Sequence[Edit]) -> Iterator[bool]:
        """As `Patcher.patched`; the edits are of one file."""
        path = edits[0].path
        if self._alive is None:
            self._alive = functions_of(self.texts)
        if path not in self._made:
            self._made[path] = Patcher(path, self.texts[path], self._alive[path])
        with self._made[path].patched(edits) as other:
            yield other


def functions_of(paths: Iterable[str]) -> dict[str, list[FunctionType]]:
    """The functions of some files that are alive in this process, by file; one look at everything that is."""
    found: dict[str, list[FunctionType]] = {path: [] for path in paths}
    gc.collect()
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in found:
            found[thing.__code__.co_filename].append(thing)
    return found


class _OtherStructureError(Exception):
    """The edited text has other functions in it, or is the same program."""


def _pieces(text: str) -> Iterator[_Piece]:
    lines = [0]
    for line in text.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for node in ast.parse(text).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        yield _Piece(lines[first - 1], lines[node.end_lineno or node.lineno], first)


def _together(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    left = [code for code in before.co_consts if isinstance(code, CodeType)]
    right = [code for code in after.co_consts if isinstance(code, CodeType)]
    if [code.co_qualname for code in left] != [code.co_qualname for code in right]:
        raise _OtherStructureError
    for old, new in zip(left, right, strict=True):
        yield old, new
        yield from _together(old, new)


def _program(code: CodeType) -> tuple[object, ...]:
    """What a code object does, wherever it stands in the text."""
    constants = tuple(_program(c) if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts)
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, constants


def _key(code: CodeType) -> Key:
    """What tells one function of a file from another: its name, its line, and the first column."""
    places = [place for place in code.co_positions() if None not in place and place[2:] != (0, 0)]
    return code.co_qualname, code.co_firstlineno, places[0] if places else ()
