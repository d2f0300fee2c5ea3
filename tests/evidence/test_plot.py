"""`report.plot()`: a figure of what is wrong; a sentence where there is nothing to draw, or no matplotlib."""

import sys

import numpy as np
import pytest

from gradcheck import MissingFrameworkError, UsageError, report_vjp

from .test_gathered import relu_but_the_last_column, sine

X = np.array([[0.3, 0.7, 0.2], [0.1, 0.9, 0.4]])


def test_it_is_a_figure_that_a_notebook_shows():
    pytest.importorskip("matplotlib", reason="of the plot extra")
    figure = report_vjp(relu_but_the_last_column, X).plot()
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles[0].startswith("slope of the forward along x[")
    assert titles[1:] == ["claimed, x", "measured, x", "claimed − measured, x"]
    assert figure._repr_png_().startswith(b"\x89PNG")
    frame = figure.axes[3].collections
    assert sum(len(lines.get_segments()) for lines in frame) == 6  # around two cells, one above the other


def test_where_nothing_is_wrong_there_is_nothing_to_plot():
    pytest.importorskip("matplotlib", reason="of the plot extra")
    with pytest.raises(UsageError, match="nothing to plot"):
        report_vjp(sine(1), X).plot()


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingFrameworkError, match=r"gradcheck\[plot\]"):
        report_vjp(sine(2), X).plot()
