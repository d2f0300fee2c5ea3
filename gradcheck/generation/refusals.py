"""Forwards that raised at ordinary examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gradcheck.protocol import Case
from gradcheck.report import Finding, Severity

from .example import Example


@dataclass
class Refusals:
    """Each with its example; ``shapes`` are examples whose shape is to blame, whatever the values."""

    found: list[tuple[Example, Finding]] = field(default_factory=list)
    shapes: list[Example] = field(default_factory=list)

    def add(self, example: Example, finding: Finding) -> None:
        """Count one in."""
        self.found.append((example, finding))

    def is_last(self, example: Example) -> bool:
        """Whether the latest was at this example."""
        return bool(self.found) and self.found[-1][0] is example

    def shape(self) -> str | None:
        """The sizes and options of an ordinary shape that the op does not take, in words."""
        return next((_at(example) for example in self.shapes if not example.is_large), None)

    def finding(self, case: Case) -> Finding | None:
        """A forward that raised, one whose shape is to blame if there is one: by its sizes, and how often."""
        if not self.found:
            return None
        example, finding = next((one for one in self.found if self._is_to_blame(one[0])), self.found[0])
        at, count = _at(example), len(self.found)
        often = f"so at {count} of the ordinary examples{f' ({at})' if at else ''}"
        blame = ""
        if self._is_to_blame(example):
            names = ", ".join(f'"{name}": (least, most)' for name in example.sizes)
            blame = ", whatever the values" + (
                f"; sizes that it does not take: Case(sizes={{{names}}})" if names else ""
            )
        elif case.inputs is None:
            blame = ", but not at all values of this shape"
        return replace(finding, message=f"{finding.message}; {often}{blame}", severity=Severity.HAZARD)

    def _is_to_blame(self, example: Example) -> bool:
        return any(example is one for one in self.shapes)


def _at(example: Example) -> str:
    """The sizes and the plain options of an example."""
    sizes: Mapping[str, object] = example.sizes
    options = {name: v for name, v in example.options.items() if isinstance(v, bool | int | float | str)}
    return ", ".join(f"{name}={value!r}" for name, value in {**sizes, **options}.items())
