"""Evidence of any numbers is drawn or left out: NaN, infinities, zeros, the largest and the smallest that there are."""

import json
import math
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.report import Curve, Evidence, Heat
from gradcheck.report.page import report_page
from gradcheck.report.page.curve import draw_curve
from gradcheck.report.page.heat import draw_heat

from ..gate.writers.runs import wrong
from .pages import OWN, Tags

NUMBERS = st.one_of(
    st.floats(),
    st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 1e308, -1e308, 5e-324, 1e-300, 1.0, 1e-17]),
)
STEPS = tuple(2.5**-n / 8 for n in range(6))


@st.composite
def curves(draw):
    slopes = draw(st.lists(NUMBERS, min_size=len(STEPS), max_size=len(STEPS)))
    index = draw(st.sampled_from([None, (), (0,), (1, 2)]))
    return Curve("x", index, "", STEPS, tuple(slopes), draw(NUMBERS), draw(NUMBERS), draw(NUMBERS))


@st.composite
def heats(draw):
    rows, columns = draw(st.sampled_from([(1, 1), (1, 5), (3, 2), (9, 12)]))

    def table(of):
        return tuple(
            tuple(row)
            for row in draw(st.lists(st.lists(of, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
        )

    shape = draw(st.sampled_from([(), (rows,), (rows, columns), (2, rows, columns)]))
    return Heat("x", "", shape, (1, 1), table(NUMBERS), table(NUMBERS), table(st.booleans()))


@settings(max_examples=60)
@given(curves(), heats())
def test_it_is_drawn_within_the_picture_or_left_out(curve, heat):
    drawing, drawn = draw_curve(curve), draw_heat(heat)
    if drawing is not None:
        for x, y in re.findall(r"[ML]([-\d.e+]+) ([-\d.e+]+)", drawing.gaps.line + drawing.errors.line):
            assert drawing.left <= float(x) <= drawing.right
            assert drawing.top <= float(y) <= drawing.bottom
        assert 2 <= len(drawing.up) <= 8
    for picture in drawn.maps:
        assert len(picture.numbers) in (0, len(heat.wrong) * len(heat.wrong[0]))
        assert all(len(number.text) <= 9 for number in picture.numbers)
        assert sum(cells.count("M") for _, cells in picture.levels) == len(heat.wrong) * len(heat.wrong[0])
    report = replace(wrong().report, evidence=Evidence((), (curve,), (heat,)))
    text = report_page(report)
    assert set(Tags(text).found) <= OWN
    assert not re.search(r'="[^"]*\b(nan|inf)\b', text)
    json.dumps(report.to_dict(), allow_nan=False)
