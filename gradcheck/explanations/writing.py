"""What `gradcheck explain` prints."""

from __future__ import annotations

import contextlib
import difflib
import doctest
import io
import re
import textwrap

from gradcheck.errors import UsageError
from gradcheck.report.limits import ALIKE, NEAR, SPELT_ALIKE, WIDTH

from .explanation import Explanation, codes, explanation_of
from .script import script
from .words import WORDS, Word


def explanation(code: str) -> Explanation:
    """The explanation of a code; UsageError names the near ones where there is none."""
    name = code.strip().upper()
    known = codes()
    if name in known:
        return explanation_of(name)
    if re.fullmatch(r"(GC)?\d+", name):
        near = difflib.get_close_matches(name if name.startswith("GC") else f"GC{name}", known, NEAR, ALIKE)
        what = "code"
    else:
        spelt = {spelling.lower(): word.name for word in WORDS for spelling in (word.name, *word.also)}
        alike = difflib.get_close_matches(code.strip().lower(), [*spelt, *map(str.lower, known)], NEAR, SPELT_ALIKE)
        near = list(dict.fromkeys(spelt.get(spelling, spelling.upper()) for spelling in alike))
        what = "code or word"
    hint = f"near it are {', '.join(near)}" if near else "gradcheck explain lists all of them"
    raise UsageError(f"there is no {what} {code if code.strip() else repr(code)}: {hint}")


def word(name: str) -> Word | None:
    """The word that goes by this name, in any of its spellings."""
    wanted = name.strip().lower()
    return next((word for word in WORDS if wanted in (word.name, *map(str.lower, word.also))), None)


def explain_word(found: Word) -> str:
    """A word in a few sentences, and its example with what that prints now."""
    return f"{_wrapped(f'{found.name}: {found.means}')}\n\n{_indented(typed(found.example))}"


def typed(example: str) -> str:
    """An example as one would type it, with what Python prints now."""
    lines: list[str] = []
    variables: dict[str, object] = {}
    for part in doctest.DocTestParser().get_examples(textwrap.dedent(example)):
        source = part.source.rstrip("\n").splitlines()
        lines += [f"{'>>>' if not number else '...'} {line}".rstrip() for number, line in enumerate(source)]
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(part.source, "<example>", "single", dont_inherit=True), variables)
        lines += out.getvalue().rstrip("\n").splitlines()
    return "\n".join(lines)


def every_code() -> str:
    """One line a code, then the words."""
    lines = [f"{code}  {explanation(code).words.says}" for code in codes()]
    shown = [line if len(line) <= WIDTH else f"{line[: WIDTH - 4].rpartition(' ')[0]} ..." for line in lines]
    words = _wrapped(f"words: {', '.join(word.name for word in WORDS)}")
    return "\n".join([*shown, "", words, "", "gradcheck explain CODE, or a WORD of a report, says more"])


def explain(code: str) -> str:
    """The whole explanation of a code, or of a word that reports use, with its example run now."""
    meant = word(code)
    if meant is not None:
        return explain_word(meant)
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
