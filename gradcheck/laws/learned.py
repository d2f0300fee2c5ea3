"""What the laws find out about a trial beside what is broken."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Learned:
    """Handed from law to law, each of which adds to it for those that come later and for the report.

    Attributes
    ----------
    floor
        For each argument, the smallest relative error that would have been seen.
    still
        For each argument that does not move the forward, as claimed: in which part of what the others contribute a
        slope would have been seen; 0 where not one bit of the outputs changes.
    remarks
        What a reader should know of a backward in which nothing is wrong.
    behaves
        Whether the vjp is linear, pure and repeatable, as one equation tells; None as long as nobody has asked.
    proved
        Whether it is the derivative.
    rough
        Whether a kink or an edge was met and no error.
    """

    floor: dict[str, float] = field(default_factory=dict)
    still: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    behaves: bool | None = None
    proved: bool = False
    rough: bool = False
