"""GC101: the vjp answers wherever its forward did."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC101",
    "The vjp answers wherever its forward succeeded.",
    check.check,
    blocks=True,
    of_the_backward=True,
    clues=Clues(
        looks=(Look.EQUAL_SIZES,),
        name="raises",
        sentence="the backward fails where its forward succeeds: a shape or an index that it does not allow for",
    ),
)
