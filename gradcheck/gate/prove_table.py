"""The table of a proof, one row as soon as a backward is done, and what needs reading after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from gradcheck.mutants.judging import Fate
from gradcheck.mutants.proof import Mutant, Proof, score
from gradcheck.protocol.source import relative


class ProofTable:
    """What the command prints: a row for each backward, then what needs reading."""

    def __init__(self, console: Console, cases: Sequence[str]) -> None:
        self.console = console
        self.width = max([len(case) for case in cases] + [len("backward of")])

    def head(self, helpers: Sequence[str] = ()) -> None:
        """Print the names of the columns, wide enough for helpers too."""
        self.width = max([self.width, *map(len, helpers)])
        self.line(
            f"{'score':>6} {'lines':>9}  {'backward of':<{self.width}} {'mutants':>8} {'killed':>7} {'survived':>9} "
            f"{'unreached':>10} {'equivalent':>11} {'other':>6} {'seconds':>8}"
        )

    def row(self, proof: Proof) -> None:
        """Print one backward, by its first case, and the other cases that judge it below; helpers by their names."""
        found = proof.score
        style = "green" if found == 100 else "bold red"
        text = Text("" if found is None else f"{_percent(found):>6}", style=style)
        other = proof.count(Fate.UNDECIDED) + proof.count(Fate.STOPPED)
        text.append(
            f"{'' if found is not None else '     -'} {f'{proof.covered}/{len(proof.lines)}':>9}  "
            f"{proof.name or proof.cases[0]:<{self.width}} {len(proof.mutants):>8} "
            f"{proof.count(Fate.KILLED):>7} {proof.count(Fate.SURVIVED):>9} {proof.count(Fate.UNREACHED):>10} "
            f"{proof.count(Fate.EQUIVALENT):>11} {other:>6} {proof.seconds:>8.1f}",
            style="default",
        )
        self.line(text)
        for name in () if proof.name else proof.cases[1:]:
            self.line(f"{'':>6} {'':>9}  {name:<{self.width}} {'above':>8}")

    def details(
        self, proofs: Sequence[Proof], unedited: Sequence[tuple[str, str]], refused: Sequence[tuple[str, str]]
    ) -> None:
        """Print every survivor with its diff, what stopped, what was not edited, and what could not be proved."""
        for proof in proofs:
            for mutant in proof.holes:
                self._hole(mutant)
        stopped = [mutant for proof in proofs for mutant in proof.mutants if mutant.judged.fate is Fate.STOPPED]
        if stopped:
            self.line("\nneither killed nor survived:")
        for mutant in stopped:
            self.line(f"  {mutant.edit.place}: {mutant.edit.operator}: {mutant.judged.code}: {mutant.judged.message}")
        if unedited:
            self.line("\nrun by these backwards and not edited, of packages that they use or in no file:")
        for path, name in unedited:
            self.line(f"  {name} in {relative(path)}")
        if refused:
            self.line("\nnot provable:")
        for name, why in refused:
            self.line(f"  {name}: {why}")

    def summary(self, proofs: Sequence[Proof], refused: int, seconds: float) -> None:
        """Print what killed, and the counts."""
        codes = Counter(m.judged.code for proof in proofs for m in proof.mutants if m.judged.fate is Fate.KILLED)
        if codes:
            self.line("\nkilled by " + ", ".join(f"{code} {number}" for code, number in codes.most_common()))
        counts = Counter(mutant.judged.fate for proof in proofs for mutant in proof.mutants)
        words = ", ".join(f"{counts[fate]} {fate.value}" for fate in Fate if counts[fate])
        found = score(proofs)
        head = f"{len(proofs)} backwards, {counts.total()} mutants: {words}" if proofs else "nothing proved"
        covered, lines = sum(proof.covered for proof in proofs), sum(len(proof.lines) for proof in proofs)
        total = "" if found is None else f"; score {_percent(found)} over {covered} of {lines} lines"
        missing = f"; {refused} cases not provable" if refused else ""
        self.line(f"\n{head}{total}{missing} in {seconds:.1f} s")

    def line(self, text: str | Text) -> None:
        """Print one line as it is."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _hole(self, mutant: Mutant) -> None:
        judged, edit = mutant.judged, mutant.edit
        self.line(f"\n{judged.fate.value}: {edit.place} in {edit.function}, {edit.operator}: {edit.sentence}")
        self.line(f"  {judged.message}")
        for line in mutant.diff.splitlines():
            self.line(f"  {line}")


def _percent(value: float) -> str:
    """``99.6%``; 100 only where it is."""
    return "100%" if value == 100 else f"{min(value, 99.9):.1f}%"
