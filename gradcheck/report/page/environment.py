"""Templates: whatever is put into one is escaped, unless it is markup of ours."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from gradcheck.foreign import shown, shown_lines

from ..limits import LONGEST_NAME

_FOLDER = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Autoescape is on for every template, and characters that a browser would obey are spelt out before."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["ticked"] = _ticked
    made.filters["short"] = _short
    return made


def render(template: str, **values: Any) -> str:
    """One template with these values."""
    return environment().get_template(template).render(**values)


@cache
def own_file(name: str) -> Markup:
    """A style sheet or a script of ours, as it is."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8").strip())


def digest(text: str) -> str:
    """How a content security policy names the one script, or the one style sheet, that may run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _printable(value: Any) -> Any:
    return shown_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _short(name: str) -> str:
    """A name in a row."""
    return shown(name, LONGEST_NAME)


def _ticked(sentence: str) -> Markup:
    """A sentence of a report: what stands between backticks is code."""
    parts = [escape(shown_lines(part)) for part in sentence.split("`")]
    if len(parts) % 2 == 0:  # one is left over, and so means something else
        return escape(shown_lines(sentence))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part for number, part in enumerate(parts)
    )
