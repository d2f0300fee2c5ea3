"""Another text in the place of one source file, for this process only: nothing on the disk changes."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from gradcheck.protocol.files import owner_of
from gradcheck.source.file import nested


@dataclass
class Sources:
    """What every source file that is not a library's compiled to when this process first imported it.

    From `watch` on, an import of such a file gets the same code again, whatever has become of the file; after
    `override` one of them gets that of another text. For a process that ends with its mutants: there is no way back.
    """

    codes: dict[str, CodeType] = field(default_factory=dict)

    def watch(self) -> None:
        """Begin: every import of this process goes through here."""
        original = SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, fullname: str) -> Any:
            if owner_of(loader.path) is None:
                return original(loader, fullname)
            if loader.path not in self.codes:
                code = original(loader, fullname)
                if code is None:
                    return None
                self.codes[loader.path] = code
            return self.codes[loader.path]

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]

    def override(self, path: str, text: str, forgotten: Sequence[str]) -> frozenset[int]:
        """From now on the file gets this text; the identities of the code objects that it compiles to.

        The modules ``forgotten`` are imported anew next time, so that everything that was made of the old text is made
        again; see `own_modules`. Raises SyntaxError where the text does not compile.
        """
        code = compile(text, path, "exec", dont_inherit=True)
        self.codes[path] = code
        linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)  # for who reads its own source
        for name in forgotten:
            sys.modules.pop(name, None)
        return frozenset(map(id, nested(code)))


def own_modules(path: str | None = None) -> list[str]:
    """The loaded modules that are the user's own, or of the package that a file belongs to."""
    owners = {""} if path is None else {"", owner_of(path)}
    found = []
    for name, module in list(sys.modules.items()):
        filename = getattr(module, "__file__", None)
        if isinstance(filename, str) and Path(filename).is_absolute() and owner_of(filename) in owners:
            found.append(name)
    return [name for name in found if name not in ("__main__", "__mp_main__")]
