"""What `gradcheck prove` found as a page: a listing of each backward, and at each line what was let pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from gradcheck.mutants.judging import Fate
from gradcheck.mutants.proof import Proof, Settings, score
from gradcheck.protocol.source import relative
from gradcheck.report.page.environment import digest, own_file, render

from .proof_view import ORDER, ProofView, percent


def as_proof_page(
    proofs: Sequence[Proof],
    unedited: Sequence[tuple[str, str]],
    refused: Sequence[tuple[str, str]],
    settings: Settings,
    seconds: float,
    ended: str = "",
) -> str:
    """The page; backwards with holes first, and open."""
    style = own_file("page.css") + own_file("proof.css")
    views = sorted(map(ProofView, proofs), key=lambda view: -len(view.proof.holes))
    fates = [mutant.judged.fate for proof in proofs for mutant in proof.mutants]
    killed = sorted({(m.judged.code) for proof in proofs for m in proof.mutants if m.judged.fate is Fate.KILLED})
    return render(
        "proof.html",
        style=style,
        style_hash=digest(style),
        title=f"gradcheck prove: {percent(score(proofs))}",
        score=percent(score(proofs)),
        counts={fate.value: fates.count(fate) for fate in ORDER if fate in fates},
        covered=sum(proof.covered for proof in proofs),
        lines=sum(len(proof.lines) for proof in proofs),
        views=views,
        killers=killed,
        unedited=[(relative(path), name) for path, name in unedited],
        refused=refused,
        settings=settings,
        seconds=seconds,
        ended=ended,
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
