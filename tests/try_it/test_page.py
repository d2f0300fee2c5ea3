"""What the page says is so, as far as one sees without a browser and without Sphinx."""

import base64
import contextlib
import io
import re

import pytest

from .page import CODE, FILES, SLIPS, TEXT, with_line


def run(code):
    """The largest gap of each gradient, and the costs before and after the descent."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "mine.py", "exec"), {"__name__": "__main__"})
    rows = re.findall(r"^(d\w\d) .* (\S+)$", out.getvalue(), re.MULTILINE)
    before, after = re.findall(r"cost (\S+), after 100 steps (\S+)", out.getvalue())[0]
    return {name: float(gap) for name, gap in rows}, float(before), float(after)


def test_the_code_of_the_page_is_right():
    gaps, before, after = run(CODE)
    assert gaps == dict.fromkeys(("dW1", "dB1", "dW2", "dB2"), 0)
    assert after < before


@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_that_it_suggests_is_seen(slip):
    gaps, before, after = run(with_line(slip))
    wrong = {name for name, gap in gaps.items() if gap > 0}
    assert wrong == ({"dB1"} if slip.startswith("dB1") else {"dW1", "dB1", "dW2", "dB2"})
    assert (after > before) is ("W1.T" in slip)


def test_with_other_sizes_the_slip_of_the_article_does_not_run():
    assert len(SLIPS) == 4
    (sizes,) = re.findall(r"try `(.*?)`", TEXT)
    run(with_line(sizes))
    both = with_line(SLIPS[0]).replace("i, h, o, M = 3, 3, 3, 5", sizes)
    with pytest.raises(ValueError, match="not aligned"):
        run(both)


def test_it_names_what_it_loads():
    """One version of each, from one place, and a checksum of every file."""
    assert len(FILES) == 6
    for address, checksum in FILES.items():
        kind, _, digest = checksum.partition("-")
        assert kind == "sha384"
        assert len(base64.b64decode(digest, validate=True)) == 48
        assert address.startswith("https://cdn.jsdelivr.net/")
    (pyodide,) = {*re.findall(r"pyodide[@/]v?([\d.]+)/", " ".join(FILES))}
    (numpy,) = re.findall(r"/numpy-([\d.]+)-", " ".join(FILES))
    text = TEXT.replace("\n", " ")
    assert f"[Pyodide](https://pyodide.org) {pyodide}," in text
    assert f"NumPy {numpy} come from cdn.jsdelivr.net" in text
