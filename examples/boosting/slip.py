"""The same objective with one slip: the Hessian is that of another link."""

import numpy as np
from objective import loss

from gradcheck import Case, Integers
from gradcheck.adapters import from_objective


def poisson(margins, dtrain):
    rate = np.exp(margins)
    return rate - dtrain.get_label(), rate * (1 - rate)


CASES = [Case(from_objective(poisson, loss), "(n),(n)->(n)", domains={"labels": Integers(0, 9)})]
