"""autograd.scipy: special functions, distributions and convolution."""

from __future__ import annotations

import autograd.scipy.signal as signal
import autograd.scipy.special as special
from autograd.scipy import stats

from gradcheck import Integers, Reals

from .autograd_rows import of_order, row, shaped

MATRIX, ROWS = "(m,n)->(m,n)", "(m,n)->(m)"
BROADCAST = "(m,n),(n)->(m,n)"
POSITIVE, INSIDE, FRACTION = Reals(0, None), Reals(-1, 1), Reals(0, 1)
NEAR, WIDE = Reals(-4, 4), Reals(0.5, None)
LOCATED = "(m,n),(n),()->(m,n)"


def correlate(x, kernel):
    return signal.convolve(x, kernel, axes=([1], [0]), mode="valid")


def betainc(x):
    return special.betainc(1.5, 2.5, x)


def student(x, loc, scale):
    return stats.t.logpdf(x, 3.0, loc, scale)


def chi2(x, freedom):
    return stats.chi2.logpdf(x, freedom)


def poisson(mean, counts):
    return stats.poisson.logpmf(counts, mean)


def dirichlet(weights):
    return stats.dirichlet.logpdf([0.2, 0.3, 0.5], weights)


SPECIAL = [
    *(row(getattr(special, name), MATRIX, name) for name in ("erf", "erfc", "expit", "i0", "i1", "j0", "j1")),
    *(row(getattr(special, name), MATRIX, name, POSITIVE) for name in ("gammaln", "psi", "digamma", "y0", "y1")),
    row(special.gamma, MATRIX, "gamma", Reals(0, 6)),
    row(special.rgamma, MATRIX, "rgamma", Reals(0, 6)),
    row(special.erfinv, MATRIX, "erfinv", INSIDE),
    row(special.erfcinv, MATRIX, "erfcinv", Reals(0, 2)),
    row(special.logit, MATRIX, "logit", FRACTION),
    row(special.beta, BROADCAST, "beta", POSITIVE, POSITIVE),
    row(special.betaln, BROADCAST, "betaln", POSITIVE, POSITIVE),
    row(of_order(special.polygamma, 1), MATRIX, "polygamma of 1", POSITIVE),
    row(of_order(special.jn, 2), MATRIX, "jn of 2"),
    row(of_order(special.yn, 2), MATRIX, "yn of 2", POSITIVE),
    row(of_order(special.iv, 2), MATRIX, "iv of 2"),
    row(of_order(special.ive, 2), MATRIX, "ive of 2", Reals(0.1, 1e4)),
    row(of_order(special.gammainc, 1.5), MATRIX, "gammainc", POSITIVE),
    row(of_order(special.gammaincc, 0.5), MATRIX, "gammaincc", POSITIVE),
    row(shaped(special.multigammaln, 2), "()->()", "multigammaln", Reals(0.5, None)),
    row(betainc, MATRIX, None, FRACTION),
    row(special.logsumexp, ROWS, "logsumexp", options={"axis": 1}),
    row(special.logsumexp, "(m,n)->(1,1)", "logsumexp kept", options={"axis": (0, 1), "keepdims": True}),
]
DISTRIBUTIONS = [
    *(
        row(getattr(stats.norm, name), LOCATED, f"norm.{name}", NEAR, NEAR, WIDE)  # further out: DISPUTED
        for name in ("pdf", "cdf", "logpdf", "logcdf", "logsf", "sf")
    ),
    row(stats.beta.logpdf, "(m),(m),(m)->(m)", "beta.logpdf", FRACTION, POSITIVE, POSITIVE),
    row(stats.beta.pdf, "(m),(m),(m)->(m)", "beta.pdf", FRACTION, POSITIVE, POSITIVE),
    row(stats.gamma.logpdf, "(m,n),(n)->(m,n)", "gamma.logpdf", POSITIVE, POSITIVE),
    row(student, LOCATED, None, None, None, POSITIVE),
    row(chi2, BROADCAST, None, POSITIVE, Integers(1, 9), of=1),
    row(poisson, BROADCAST, None, POSITIVE, Integers(0, 9), of=1),
    row(dirichlet, "(3)->()", None, POSITIVE),
    row(correlate, "(m,7),(3)->(m,5)"),
]
