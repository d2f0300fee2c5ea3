"""The museum: wrong backwards modelled on bugs that shipped, a room for each kind, and their right twins."""

from . import (
    accumulate,
    activation,
    batch_reduce,
    complex,
    cotangent,
    dtype,
    duplicates,
    empty_edge,
    factor,
    graph_cut,
    layout,
    mask_dropout,
    mode,
    nan_zero,
    operand,
    overwritten,
    precision,
    product_rule,
    race,
    scientific,
    second_order,
    sign,
    stale,
    subset,
    ties_kinks,
    tile_size,
    window,
)
from .exhibit import Exhibit

ROOMS = {
    room.__name__.rpartition(".")[2]: room.EXHIBITS
    for room in (
        accumulate,
        activation,
        batch_reduce,
        complex,
        cotangent,
        dtype,
        duplicates,
        empty_edge,
        factor,
        graph_cut,
        layout,
        mask_dropout,
        mode,
        nan_zero,
        operand,
        overwritten,
        precision,
        product_rule,
        race,
        scientific,
        second_order,
        sign,
        stale,
        subset,
        ties_kinks,
        tile_size,
        window,
    )
}
EXHIBITS = [exhibit for room in ROOMS.values() for exhibit in room]

__all__ = ["EXHIBITS", "ROOMS", "Exhibit"]
