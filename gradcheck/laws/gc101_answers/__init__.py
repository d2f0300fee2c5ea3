"""GC101: the vjp answers wherever its forward did."""

from ..law import Law
from . import check

LAW = Law("GC101", "The vjp answers wherever its forward succeeded.", check.check, blocks=True)
