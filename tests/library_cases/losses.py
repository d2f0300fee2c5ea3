"""Losses on random shapes: reductions, options, weights. (The article's mse, plain cross_entropy: tests/cases.py.)"""

from __future__ import annotations

import numpy as np

import manual_bp
from gradcheck import Case, Integers, Probabilities, Reals
from tests.library_cases import in_both_dtypes, twin

COSTS = {"reduction": ["mean", "sum"]}
LOSSES = {"reduction": "none"}
WEIGHT = np.array([0.5, 2.0, 1.25], np.float32)  # exact, so that neither dtype converts it to fewer digits


def of_entries(op, *, options=None, **more):
    """A loss of entries, reduced; and entry by entry, its two inputs of shapes that broadcast."""
    name, options = op.__name__, options or {}
    return [
        *in_both_dtypes(op, options={**options, **COSTS}, **more),
        *in_both_dtypes(
            op, "(),()->()", broadcast=True, options={**options, **LOSSES}, name=f"{name} of entries", **more
        ),
    ]


def of_signs(op, inputs, entry, *, reduction):
    """The same loss where labels 0 and 1 stand for the targets -1 and 1."""
    reference = twin(op)

    def of_one(x, labels, **options):
        return op(x, 2 * labels - 1, **options)

    def of_two(x1, x2, labels, **options):
        return op(x1, x2, 2 * labels - 1, **options)

    def twin_of_labels(*tensors, **options):
        return reference(*tensors[:-1], 2 * tensors[-1] - 1, **options)

    of_labels = of_two if inputs.count("(") == 3 else of_one
    of_labels.__name__ = op.__name__
    return in_both_dtypes(
        of_labels,
        f"{inputs}->{entry if reduction == 'none' else '()'}",
        name=f"{op.__name__} {reduction}",
        reference=twin_of_labels if reference else None,
        domains={"labels": Integers(0, 2)},
        options={"reduction": reduction, "margin": [0.0, 0.25, 1.0]},
    )


def weighted(op, **weights):
    """The same loss with these weights, and its twin: `prove` compares options, which arrays do not let it do."""
    reference = twin(op)

    def of_weights(x, target, **options):
        return op(x, target, **weights, **options)

    def twin_of_weights(x, target, **options):
        return reference(x, target, **weights, **options)

    of_weights.__name__ = op.__name__
    return of_weights, twin_of_weights if reference else None


CROSS_ENTROPY = manual_bp.cross_entropy
LABELS = {"labels": Integers(0, "c")}
weighted_cross_entropy, weighted_cross_entropy_twin = weighted(manual_bp.cross_entropy, weight=WEIGHT)
weighted_margin_loss, weighted_margin_loss_twin = weighted(manual_bp.multi_margin_loss, weight=WEIGHT)
weighted_logits, weighted_logits_twin = weighted(
    manual_bp.binary_cross_entropy_with_logits, weight=WEIGHT, pos_weight=2 * WEIGHT[::-1]
)

CASES = [
    *of_entries(manual_bp.mse_loss),
    *of_entries(manual_bp.l1_loss),
    *of_entries(manual_bp.huber_loss, options={"delta": [1.0, 0.3]}),
    *of_entries(manual_bp.smooth_l1_loss, options={"beta": [1.0, 0.3, 0.0]}),
    *in_both_dtypes(
        manual_bp.kl_div, options={"reduction": ["mean", "sum", "batchmean"]}, domains={"target": Reals(0, None)}
    ),
    *in_both_dtypes(
        manual_bp.kl_div,
        "(),()->()",
        name="kl_div of entries",
        broadcast=True,
        options={"log_target": True, **LOSSES},
    ),
    Case(
        manual_bp.binary_cross_entropy_with_logits,
        reference=twin(manual_bp.binary_cross_entropy_with_logits),
        domains={"target": Probabilities()},
        options=COSTS,
    ),
    # Few entries: at logits of 0 all losses are log 2, whose sum PyTorch happens to round to the last digit, so that
    # the gate allows no rounding of a sum there; points nearby, which it asks too, are the same point.
    Case(
        manual_bp.binary_cross_entropy_with_logits,
        name="binary_cross_entropy_with_logits float32",
        reference=twin(manual_bp.binary_cross_entropy_with_logits),
        dtype="float32",
        domains={"target": Probabilities()},
        options=COSTS,
        sizes={"m": (1, 2), "n": (1, 2)},
    ),
    *in_both_dtypes(
        weighted_logits,
        "(m,3),(m,3)->(m,3)",
        name="binary_cross_entropy_with_logits of entries",
        reference=weighted_logits_twin,
        options=LOSSES,
    ),
    *of_signs(manual_bp.hinge_embedding_loss, "(m,n),(m,n)", "(m,n)", reduction="mean"),
    *of_signs(manual_bp.hinge_embedding_loss, "(m,n),(m,n)", "(m,n)", reduction="none"),
    *of_signs(manual_bp.margin_ranking_loss, "(n),(n),(n)", "(n)", reduction="mean"),
    *of_signs(manual_bp.margin_ranking_loss, "(n),(n),(n)", "(n)", reduction="none"),
    *of_signs(manual_bp.cosine_embedding_loss, "(n,d),(n,d),(n)", "(n)", reduction="mean"),
    *of_signs(manual_bp.cosine_embedding_loss, "(n,d),(n,d),(n)", "(n)", reduction="none"),
    *in_both_dtypes(
        manual_bp.multi_margin_loss,
        options={"p": [1, 2], "margin": [1.0, 0.4]},
        domains={"target": Integers(0, "c")},
        sizes={"c": (1, None)},
    ),
    *in_both_dtypes(
        weighted_margin_loss,
        "(n,3),(n)->(n)",
        name="multi_margin_loss weighted",
        reference=weighted_margin_loss_twin,
        domains={"target": Integers(0, 3)},
        options={"p": [1, 2], **LOSSES},
    ),
    *in_both_dtypes(
        weighted_cross_entropy,
        "(n,3),(n)->()",
        name="cross_entropy weighted",
        reference=weighted_cross_entropy_twin,
        domains={"target": Integers(0, 3)},
        options={"ignore_index": [-100, 1], "label_smoothing": [0.0, 0.2], **COSTS},
    ),
    *in_both_dtypes(
        CROSS_ENTROPY,
        "(n,c,k),(n,k)->(n,k)",
        name="cross_entropy of images",
        domains=LABELS,
        options={"ignore_index": [-100, 1], "label_smoothing": [0.0, 0.2], **LOSSES},
    ),
    *in_both_dtypes(
        CROSS_ENTROPY,
        "(c),()->()",
        name="cross_entropy of one sample",
        domains=LABELS,
        options={"label_smoothing": [0.0, 0.2]},
    ),
    *in_both_dtypes(
        weighted_cross_entropy,
        "(n,3),(n,3)->()",
        name="cross_entropy of probabilities, weighted",
        reference=weighted_cross_entropy_twin,
        domains={"target": Reals(0, 1)},
        options={"label_smoothing": [0.0, 0.2], **COSTS},
    ),
    *in_both_dtypes(
        CROSS_ENTROPY,
        "(n,c,k),(n,c,k)->(n,k)",
        name="cross_entropy of probabilities of images",
        domains={"labels": Reals(0, 1)},
        options={"label_smoothing": [0.0, 0.2], **LOSSES},
    ),
]
