"""Python that makes a failing example again, to be pasted: literal arrays, the user's op, one call."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcheck.laws import law_of
from gradcheck.literal import Unwritable, literal
from gradcheck.protocol import ArraySet, Case, Op, name_inputs, offered, op_name, own_op
from gradcheck.protocol.running import is_own
from gradcheck.protocol.source import relative
from gradcheck.report import Report, Verdict


@dataclass(frozen=True)
class _Found:
    """An expression for something of the user's, and the lines that import what it is made of."""

    text: str
    imports: tuple[str, ...]


def snippet(
    case: Case, report: Report, inputs: Sequence[Any], options: Mapping[str, Any], seed: int, layout: str = "C"
) -> str | None:
    """Write the code that gives this report again in a fresh process, without Hypothesis.

    None for a correct report, and where an input cannot be written down (large arrays, objects without a literal) or
    the finding rests on a twin or an update rule that has no name in any module.
    """
    if report.verdict is Verdict.CORRECT:
        return None
    names = _variables(name_inputs(case.op, len(inputs), options), op_name(case.op))
    try:
        values = [f"{name} = {literal(value)}" for name, value in zip(names, inputs, strict=True)]
        chosen = {name: literal(value) for name, value in options.items()}
    except Unwritable:
        return None
    surrogate = None if case.surrogate is None else _held(case.surrogate, None)
    needs = case.surrogate is not None and surrogate is None
    needs = needs or any(law.rests_on for f in report.errors if (law := law_of(f.code)) is not None)
    whole = _find(case.op, case) if needs else None
    if needs and whole is None:
        return None
    own = own_op(case.op)
    op = _find(own, None) or (_find(case.op, None) if own is not case.op else None)
    return _written(case, whole, op, surrogate, names, values, chosen, seed, layout)


def _written(
    case: Case,
    whole: _Found | None,
    op: _Found | None,
    surrogate: _Found | None,
    names: Sequence[str],
    values: Sequence[str],
    options: Mapping[str, str],
    seed: int,
    layout: str,
) -> str:
    """Imports, then the inputs, then the question."""
    listed = ", ".join(names) + ("," if len(names) == 1 else "")
    here = op_name(case.op) if op_name(case.op).isidentifier() else "op"
    used = whole or op or _Found(here, (f"# below the definition of `{here}`, which no module has under a name",))
    lines, text = [*used.imports], used.text
    own = tuple(offered(case.op, "constants") or ())
    said = "" if case.constants in (own, None) else f"constants={case.constants!r}, "
    sets = {name: domain for name, domain in (case.domains or {}).items() if isinstance(domain, ArraySet)}
    needed = sorted({type(domain).__name__ for domain in sets.values()}) if whole is None else []
    said += f"domains={sets!r}, " if needed else ""
    if whole is None:
        said += "once=True, " if case.once else ""
        said += f"surrogate={surrogate.text}, " if surrogate else ""
        lines += [line for line in (surrogate.imports if surrogate else ()) if line not in lines]
    if layout != "C":
        lines.append("from gradcheck.generation.layouts import with_layout")
        text = f"with_layout({text}{'.op' if whole else ''}, {layout!r})"
    if whole is not None or case.order == 2:
        alternatives = "{" + ", ".join(f"{name!r}: [{value}]" for name, value in options.items()) + "}"
        given = f"inputs=({listed})" + (f", options={alternatives}" if options else "")
        if whole is None:
            lines.append(f"from gradcheck import {', '.join(['Case', *needed, 'report_case'])}")
            made = f"Case({text}, {given}, {said}order={case.order})"
        else:
            lines += ["from dataclasses import replace", "from gradcheck import report_case"]
            made = f"replace({whole.text}, {f'op={text}, ' if layout != 'C' else ''}{given})"
        question = f"print(report_case({made}, examples=1, seed={seed}))"
    else:
        lines.append(f"from gradcheck import {', '.join([*needed, 'report_vjp'])}")
        chosen = "{" + ", ".join(f"{name!r}: {value}" for name, value in options.items()) + "}"
        asked = [text, *names, *([f"options={chosen}"] if options else []), f"{said}seed={seed}"]
        question = f"print(report_vjp({', '.join(asked)}))"
    body = [*values, question]
    arrays = ["import numpy as np"] if "np." in "\n".join(body) else []
    return "\n".join([*arrays, *lines, "", *body]) + "\n"


def _variables(names: Sequence[str], taken: str) -> list[str]:
    """Names for the inputs that hide nothing else."""
    plain = [name if name.isidentifier() else f"x{number}" for number, name in enumerate(names)]
    return [f"{name}_" if name in (taken, "np", "sys", "replace", "Case") else name for name in plain]


def _find(op: Op, case: Case | None) -> _Found | None:
    """Where a module of the user's holds the op, or this case of it, under a name; else an adapter of what has one."""
    found = _held(op, case)
    adapter = f"from_{getattr(op, 'adapter', None)}"
    if found is None and case is None and adapter in ("from_torch", "from_jax"):
        inner = _held(getattr(op, "__wrapped__", op), None)
        imports = (*inner.imports, f"from gradcheck.adapters import {adapter}") if inner else ()
        found = inner and _Found(f"{adapter}({inner.text})", imports)
    return found


def _held(op: Any, case: Case | None) -> _Found | None:
    module = sys.modules.get(getattr(op, "__module__", None) or "")
    name = getattr(op, "__qualname__", "")
    if case is None and module is not None and name.isidentifier() and getattr(module, name, None) is op:
        return _imported(module, name, name)
    main = sys.modules.get("__main__")  # in a notebook or in `python -c` it has no file, and is the user's all the same
    modules = [m for m in list(sys.modules.values()) if m is main or is_own(getattr(m, "__file__", None) or "<frozen>")]
    for module in modules:
        for variable, value in list(vars(module).items()):
            if case is None and value is op:
                return _imported(module, variable, variable)
            if issubclass(type(value), _MAY_HOLD):
                for text, found in _cases(variable, value):
                    if found is case or (case is None and found.op is op):
                        return _imported(module, variable, text if case else f"{text}.op")
    return None


_MAY_HOLD = (Case, list, tuple)


def _cases(variable: str, value: Any) -> Iterator[tuple[str, Case]]:
    """By their types, not by what they say of themselves: they may be any object that a module of the user's holds."""
    if issubclass(type(value), Case):
        yield variable, value
        return
    for number, item in enumerate(list.__iter__(value) if issubclass(type(value), list) else tuple.__iter__(value)):
        if issubclass(type(item), Case):
            yield f"{variable}[{number}]", item


def _imported(module: Any, variable: str, text: str) -> _Found:
    name, file, spec = (getattr(module, part, None) for part in ("__name__", "__file__", "__spec__"))
    if file is None or file.startswith("<"):  # a notebook, IPython, `python -c`, `<stdin>`: nothing to import
        return _Found(text, (f"# in the session that defines `{variable}`",))
    if name == "__main__":  # a script is a module under the name of its file
        name = spec.name if spec else Path(file).stem
    lines = [f"from {name} import {variable}"]
    depth = str(name).count(".") + (Path(file).name == "__init__.py")
    folder = Path(file).resolve().parents[depth]
    known = []
    for part in ("", *os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        with suppress(OSError):  # the working directory may be gone
            known.append(Path(part or ".").resolve())
    if folder not in known and not any(part in str(folder) for part in ("site-packages", "dist-packages")):
        lines = ["import sys", f"sys.path.insert(0, {relative(str(folder))!r})", *lines]
    return _Found(text, tuple(lines))
