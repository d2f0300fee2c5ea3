"""The losses of torch.nn.functional."""

from __future__ import annotations

import torch
from torch.nn import functional

from gradcheck import Integers, Reals

from .rows import of_x_and_y, torch_row

COST = "(m,n),(m,n)->()"
EACH = "(m,n),(m,n)->(m,n)"
POSITIVE, FRACTION = Reals(0, None), Reals(0, 1)
VARIANCE = Reals(1e-3, None)  # torch cuts it at 1e-6, see KNOWN_WRONG
CLASS, SIGN, WEIGHT = Integers(0, "c"), Integers(0, 2), Integers(1, 5)
HOW = {"reduction": ["mean", "sum"]}


def kl_div(x, target):
    return functional.kl_div(x, target, reduction="batchmean")


def kl_div_of_logs(x, target):
    return functional.kl_div(x, target, reduction="sum", log_target=True)


def weights(of_classes, like):
    """Weights have no gradient in torch, so they are whole numbers to the checker."""
    return of_classes.to(like.dtype) / 2


def nll_loss(scores, labels, weight):
    return functional.nll_loss(torch.log_softmax(scores, 1), labels, weights(weight, scores))


def cross_entropy(scores, labels, weight, *, label_smoothing, reduction):
    weight = weights(weight, scores)
    return functional.cross_entropy(scores, labels, weight, label_smoothing=label_smoothing, reduction=reduction)


def cross_entropy_of_shares(scores, shares, *, label_smoothing):
    return functional.cross_entropy(scores, shares, label_smoothing=label_smoothing)


def binary_cross_entropy_with_logits(x, y, weight, pos_weight):
    return functional.binary_cross_entropy_with_logits(x, y, weights(weight, x), pos_weight=weights(pos_weight, x))


def signs(labels):
    return 2.0 * labels - 1.0


def hinge_embedding_loss(x, labels):
    return functional.hinge_embedding_loss(x, signs(labels), margin=0.7)


def cosine_embedding_loss(x, y, labels):
    return functional.cosine_embedding_loss(x, y, signs(labels), margin=0.1)


def margin_ranking_loss(x, y, labels):
    return functional.margin_ranking_loss(x, y, signs(labels), margin=0.3)


def triplet_margin_loss(anchor, positive, negative, *, p, swap):
    return functional.triplet_margin_loss(anchor, positive, negative, margin=0.5, p=p, swap=swap)


def soft_margin_loss(x, labels):
    return functional.soft_margin_loss(x, signs(labels))


def multilabel_soft_margin_loss(x, labels):
    return functional.multilabel_soft_margin_loss(x, labels.to(x.dtype))


def ctc_loss(scores, labels):
    """From scores through log_softmax: of log-probabilities by themselves see `KNOWN_WRONG`."""
    return ctc_loss_of_logs(torch.log_softmax(scores, 2), labels)


def ctc_loss_of_logs(logs, labels):
    steps, batch, _ = logs.shape
    lengths = torch.full((batch,), steps), torch.full((batch,), labels.shape[1])
    return functional.ctc_loss(logs, labels, *lengths)


LOSSES = [
    torch_row(of_x_and_y(functional.mse_loss), COST, options=HOW),
    torch_row(of_x_and_y(functional.mse_loss), EACH, "mse_loss of each", options={"reduction": "none"}),
    torch_row(of_x_and_y(functional.l1_loss), COST, options=HOW),
    torch_row(of_x_and_y(functional.smooth_l1_loss), COST, options={**HOW, "beta": [1.0, 0.25]}),
    torch_row(of_x_and_y(functional.huber_loss), COST, options={**HOW, "delta": [1.0, 0.25]}),
    torch_row(kl_div, COST, target=POSITIVE),
    torch_row(kl_div_of_logs, COST),
    torch_row(nll_loss, "(n,c),(n),(c)->()", labels=CLASS, weight=WEIGHT),
    torch_row(
        cross_entropy,
        "(n,c),(n),(c)->()",
        options={"label_smoothing": [0.0, 0.1], "reduction": ["mean", "sum"]},
        labels=CLASS,
        weight=WEIGHT,
    ),
    torch_row(cross_entropy_of_shares, "(n,c),(n,c)->()", options={"label_smoothing": [0.0, 0.1]}, shares=FRACTION),
    torch_row(of_x_and_y(functional.binary_cross_entropy), COST, options=HOW, x=FRACTION, y=FRACTION),
    torch_row(
        binary_cross_entropy_with_logits,
        "(m,n),(m,n),(m,n),(n)->()",
        y=FRACTION,
        weight=WEIGHT,
        pos_weight=WEIGHT,
    ),
    torch_row(of_x_and_y(functional.poisson_nll_loss), COST, options={"full": False, **HOW}, y=POSITIVE),
    torch_row(
        of_x_and_y(functional.poisson_nll_loss),
        COST,
        "poisson_nll_loss of rates",
        options={"log_input": False},
        x=POSITIVE,
        y=POSITIVE,
    ),
    torch_row(functional.gaussian_nll_loss, "(m,n),(m,n),(m,n)->()", options={"full": [False, True]}, var=VARIANCE),
    torch_row(hinge_embedding_loss, COST, labels=SIGN),
    torch_row(cosine_embedding_loss, "(m,n),(m,n),(m)->()", labels=SIGN),
    torch_row(margin_ranking_loss, "(n),(n),(n)->()", labels=SIGN),
    torch_row(triplet_margin_loss, "(m,n),(m,n),(m,n)->()", options={"p": [2, 1], "swap": [False, True]}),
    # of an empty batch torch returns memory that it has not written, another number at each call: three samples always
    torch_row(of_x_and_y(functional.multi_margin_loss), "(3,c),(3)->()", options={"p": [1, 2]}, y=CLASS),
    torch_row(of_x_and_y(functional.multilabel_margin_loss), "(3,c),(3,c)->()", y=CLASS),
    torch_row(multilabel_soft_margin_loss, COST, labels=SIGN),
    torch_row(soft_margin_loss, COST, labels=SIGN),
    torch_row(ctc_loss, "(6,n,c),(n,2)->()", labels=Integers(1, "c")),
]
