"""Another text in the place of one source file, for this process only: nothing on the disk changes."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

from .files import owner_of


@dataclass(frozen=True)
class Override:
    """A file whose text is taken for another; ``codes`` are the code objects that the text compiles to."""

    path: str
    text: str
    code: CodeType

    @property
    def codes(self) -> frozenset[int]:
        """The identities of every code object in it: a function is of this text when its code is one of them."""
        return frozenset(id(code) for code in nested(self.code))

    def holds(self, code: CodeType) -> bool:
        """Whether a function that ran was compiled from this text."""
        return id(code) in self.codes


def override(path: str, text: str) -> Override:
    """From now on every import of the file in this process gets the text; raise SyntaxError where it does not compile.

    The user's own modules, and the package that the file belongs to, are forgotten, so that the next import builds
    them again and every function that was made of the old text with them. For a process that ends soon: there is no
    way back.
    """
    made = Override(path, text, compile(text, path, "exec", dont_inherit=True))
    original = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> Any:
        return made.code if self.path == path else original(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)  # for those who read their source
    for name in own_modules(path):
        del sys.modules[name]
    return made


def own_modules(path: str | None = None) -> list[str]:
    """The loaded modules that are the user's own, or of the package that a file belongs to."""
    owners = {""} if path is None else {"", owner_of(path)}
    found = []
    for name, module in list(sys.modules.items()):
        filename = getattr(module, "__file__", None)
        if name != "__main__" and isinstance(filename, str) and owner_of(filename) in owners:
            found.append(name)
    return found


def nested(code: CodeType) -> Iterator[CodeType]:
    """A code object and all those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)
