"""A source file as text and as a tree, and the functions in it that code objects came from."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeRange, CodeSpan, MetadataWrapper, PositionProvider

from gradcheck.errors import UsageError

from .limits import FILES
from .scope import Defining


class UnreachableSourceError(UsageError):
    """There is no source to edit; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Source:
    """A Python file as it is on the disk. ``text`` keeps its line ends; spans count bytes of it in UTF-8."""

    path: str
    text: str

    @classmethod
    def read(cls, path: str) -> Source:
        """Read a file in the encoding that it declares; raise UnreachableSourceError where that does not work."""
        try:
            raw = Path(path).read_bytes()
            encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
            return cls(path, raw.decode(encoding))
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise UnreachableSourceError(f"its source {path} cannot be read ({error}): name a readable file") from None

    @cached_property
    def raw(self) -> bytes:
        """The text in UTF-8, which spans refer to."""
        return self.text.encode()

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        return MetadataWrapper(cst.parse_module(self.text), unsafe_skip_copy=True)

    @cached_property
    def module(self) -> cst.Module:
        """The tree."""
        return self._wrapper.module

    @cached_property
    def spans(self) -> dict[cst.CSTNode, CodeSpan]:
        """Where each node stands, in bytes."""
        return dict(self._wrapper.resolve(ByteSpanPositionProvider))

    @cached_property
    def positions(self) -> dict[cst.CSTNode, CodeRange]:
        """Lines and columns of each node."""
        return dict(self._wrapper.resolve(PositionProvider))

    @cached_property
    def functions(self) -> dict[Defining, tuple[cst.CSTNode, ...]]:
        """Every function and lambda, with the functions and classes around it, innermost first."""
        found: dict[Defining, tuple[cst.CSTNode, ...]] = {}

        def walk(node: cst.CSTNode, around: tuple[cst.CSTNode, ...]) -> None:
            if isinstance(node, cst.FunctionDef | cst.Lambda):
                found[node] = around
            inside = isinstance(node, cst.FunctionDef | cst.Lambda | cst.ClassDef)
            for child in node.children:
                walk(child, (node, *around) if inside else around)

        walk(self.module, ())
        return found

    @cached_property
    def compiled(self) -> tuple[CodeType, ...]:
        """Every code object that the file compiles to now."""
        return tuple(nested(compile(self.text, self.path, "exec", dont_inherit=True)))

    def qualname(self, function: Defining) -> str:
        """As Python writes it: ``factory.<locals>.op``."""
        parts = [_own_name(function)]
        for node in self.functions[function]:
            if isinstance(node, cst.FunctionDef | cst.Lambda):
                parts.append("<locals>")
            parts.append(_own_name(node))
        return ".".join(reversed(parts))

    def find(self, code: CodeType) -> Defining:
        """The function that a code object was compiled from; raise UnreachableSourceError where it is not there."""
        name = "the lambda" if code.co_name == "<lambda>" else f"`{code.co_name}`"
        if not any(same_code(code, other) for other in self.compiled):
            raise UnreachableSourceError(
                f"{name} is not what line {code.co_firstlineno} of {self.path} says any more: the file has changed "
                "since it was imported, start again"
            )
        if code.co_name == "<lambda>":
            return self._find_lambda(code)
        for function in self.functions:
            if isinstance(function, cst.FunctionDef) and function.name.value == code.co_name:
                first = function.decorators[0] if function.decorators else function
                if self.positions[first].start.line == code.co_firstlineno:
                    return function
        raise UnreachableSourceError(f"{name} was not found at line {code.co_firstlineno} of {self.path}")

    def _find_lambda(self, code: CodeType) -> Defining:
        """Of several lambdas on one line the innermost that holds every column of the code object."""
        places = [(line, column) for line, _, column, _ in code.co_positions() if line and column is not None]
        places = [place for place in places if place != (code.co_firstlineno, 0)]
        here = []
        for function in self.functions:
            if isinstance(function, cst.Lambda) and self.positions[function].start.line == code.co_firstlineno:
                whole = self.positions[function]  # that of the body leaves out its own parentheses
                start = (whole.start.line, self._byte_column(whole.start.line, whole.start.column))
                end = (whole.end.line, self._byte_column(whole.end.line, whole.end.column))
                if all(start <= place <= end for place in places):
                    here.append(function)
        if not here or not places:
            raise UnreachableSourceError(
                f"the lambda on line {code.co_firstlineno} of {self.path} cannot be told from others there: give the "
                "backward a name with def"
            )
        return min(here, key=lambda function: self.spans[function].length)

    def _byte_column(self, line: int, column: int) -> int:
        return len(self.text.splitlines()[line - 1][:column].encode())


def read_tree(path: str) -> Source:
    """A source that parses; raise UnreachableSourceError where it does not. The same as long as the file is."""
    source = _kept(Source.read(path))
    try:
        _ = source.module, source.compiled
    except (SyntaxError, ValueError, cst.ParserSyntaxError) as error:
        line = str(error).splitlines()[0]
        raise UnreachableSourceError(f"its source {path} does not parse any more ({line}): mend it first") from None
    return source


@lru_cache(maxsize=FILES)
def _kept(source: Source) -> Source:
    """The first that was equal to this one, with all that has been found out about it."""
    return source


def same_code(left: CodeType, right: CodeType) -> bool:
    """Whether two code objects are the same function in the same place, apart from the name of the file."""
    own = [
        (c.co_qualname, c.co_code, c.co_names, c.co_varnames, c.co_freevars, tuple(c.co_positions()), _constants(c))
        for c in (left, right)
    ]
    return own[0] == own[1]


def _constants(code: CodeType) -> tuple[str, ...]:
    return tuple(repr(value) for value in code.co_consts if not isinstance(value, CodeType))


def _own_name(node: cst.CSTNode) -> str:
    return node.name.value if isinstance(node, cst.FunctionDef | cst.ClassDef) else "<lambda>"


def nested(code: CodeType) -> Iterator[CodeType]:
    """A code object and all those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)
