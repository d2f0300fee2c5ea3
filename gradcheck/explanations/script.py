"""An example as a script of its own, which is run whenever it is shown."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import linecache
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradcheck.protocol import Case


@dataclass(frozen=True)
class Script:
    """A script made of the body of an example: it defines a case and prints the report on it."""

    name: str
    text: str

    def run(self) -> tuple[dict[str, Any], str]:
        """Run it as a file of its name: its variables, and what it printed."""
        lines = self.text.splitlines(keepends=True)
        linecache.cache[self.name] = (len(self.text), None, lines, self.name)
        variables: dict[str, Any] = {"__name__": "__example__"}
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(self.text, self.name, "exec", dont_inherit=True), variables)
        return variables, out.getvalue()


def script(example: Callable[[], Case], name: str) -> Script:
    """The body of an example, below the imports that it needs, with ``return Case(...)`` turned into the question."""
    function = ast.parse(textwrap.dedent(inspect.getsource(example))).body[0]
    assert isinstance(function, ast.FunctionDef)
    *_, last = function.body
    lines = textwrap.dedent(inspect.getsource(example)).splitlines()
    body = textwrap.dedent("\n".join(lines[function.body[0].lineno - 1 :])).splitlines()
    start = last.lineno - function.body[0].lineno
    body[start] = body[start].replace("return ", "case = ", 1)
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    imports = [*_imports(example, used - {"report_case"}), ""]
    text = "\n".join([*_with_report_case(imports), *body, "print(report_case(case))"])
    return Script(name, text + "\n")


def _imports(example: Callable[[], Case], used: set[str]) -> list[str]:
    """The lines at the top of the module that bring the names in use."""
    tree = ast.parse(inspect.getsource(sys.modules[example.__module__]))
    found = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and not getattr(node, "level", 0):
            names = [alias for alias in node.names if (alias.asname or alias.name) in used]
            if names:
                node.names = names
                found.append(ast.unparse(node))
    return found


def _with_report_case(imports: list[str]) -> list[str]:
    return [f"{line}, report_case" if line.startswith("from gradcheck import ") else line for line in imports]
