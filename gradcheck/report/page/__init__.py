"""Reports as HTML: one file with nothing from elsewhere, readable with scripts off, every foreign string escaped."""

from .document import report_page, run_page
from .fragment import report_fragment

__all__ = ["report_fragment", "report_page", "run_page"]
