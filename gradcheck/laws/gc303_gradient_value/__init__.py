"""GC303: the gradient equals the twin's; finite differences name the odd one out."""

from ..law import Law
from . import check

LAW = Law("GC303", "The gradient equals the twin's.", check.check, values=True)
