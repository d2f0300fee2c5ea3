"""What `gradcheck explain` prints."""

from __future__ import annotations

import difflib
import textwrap

from gradcheck.errors import UsageError
from gradcheck.report.limits import NEAR, WIDTH

from .explanation import Explanation, codes, explanation_of
from .script import script


def explanation(code: str) -> Explanation:
    """The explanation of a code; UsageError names the near ones where there is none."""
    name = code.strip().upper()
    known = codes()
    if name not in known:
        near = difflib.get_close_matches(name if name.startswith("GC") else f"GC{name}", known, NEAR, 0.5)
        hint = f"near it are {', '.join(near)}" if near else "gradcheck explain lists all of them"
        raise UsageError(f"there is no code {code}: {hint}")
    return explanation_of(name)


def every_code() -> str:
    """One line a code."""
    lines = [f"{code}  {explanation(code).words.says}" for code in codes()]
    shown = [line if len(line) <= WIDTH else f"{line[: WIDTH - 4].rpartition(' ')[0]} ..." for line in lines]
    return "\n".join([*shown, "", "gradcheck explain CODE says more"])


def explain(code: str) -> str:
    """The whole explanation, with its example run now."""
    found = explanation(code)
    words = found.words
    parts = [
        _wrapped(f"{found.code}: {words.says}"),
        f"Why it matters\n{_wrapped(words.matters, '  ')}",
        "What usually breaks it\n" + "\n".join(_wrapped(f"- {line}", "  ", "    ") for line in words.breaks),
        f"How to mend it\n{_wrapped(words.mend, '  ')}",
    ]
    for title, example, name in (("Example", found.wrong, "wrong.py"), ("The right version", found.right, "right.py")):
        made = script(example, name)
        parts += [f"{title}, {name}\n\n{_indented(made.text)}", f"prints\n\n{_indented(made.run()[1])}"]
    return "\n\n".join(parts)


def _wrapped(text: str, first: str = "", later: str | None = None) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _indented(text: str) -> str:
    return textwrap.indent(text.rstrip("\n"), "    ")
