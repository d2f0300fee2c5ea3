"""How Sphinx builds the pages: ``sphinx-build -W -b dirhtml docs build/docs``, or ``tox -e docs``."""

from __future__ import annotations

import re
from contextlib import chdir
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from hatchling.build import build_wheel

project = "gradcheck"
author = "the authors of gradcheck"
copyright = "the authors of gradcheck, BSD-3-Clause"
release = version = version_of("gradcheck")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "sphinx_copybutton"]
exclude_patterns = ["pictures/*.py"]
nitpicky = False  # names of NumPy and torch are linked to nowhere: the pages are read without a network

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

default_role = "code"  # what stands between single backticks in a docstring is code
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = "gradcheck"
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
html_static_path = ["static"]
html_css_files = ["reports.css"]

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True


def setup(app: Any) -> None:
    """Docstrings are plain text, with single backticks around code: ``|x|**2`` in one is mathematics, no markup."""
    app.connect("autodoc-process-docstring", _escape)
    app.connect("builder-inited", _make_wheel)
    app.connect("html-page-context", _let_it_run)


def _make_wheel(app: Any) -> None:
    """The page `try_it` runs this very checkout in its reader's browser."""
    folder = Path(app.outdir).resolve() / "_static" / "try_it"
    folder.mkdir(parents=True, exist_ok=True)
    with chdir(Path(app.confdir).parent):
        app.wheel = build_wheel(str(folder))


def _let_it_run(app: Any, page: str, _template: str, _context: object, _doctree: object) -> None:
    if page == "try_it":
        app.add_js_file("try_it/page.js", loading_method="defer", **{"data-wheel": app.wheel})
        app.add_css_file("try_it/style.css")


def _escape(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    in_doctest = False
    for number, line in enumerate(lines):
        in_doctest = line.lstrip().startswith(">>>") or (in_doctest and bool(line.strip()))
        if not in_doctest:
            parts = re.split(r"(``.*?``|`[^`]*`)", line)
            lines[number] = "".join(
                part if part.startswith("`") else re.sub(r"([|*]|_(?!\w))", r"\\\1", part) for part in parts
            )
