from objective import loss, poisson

from gradcheck import Case, Integers
from gradcheck.adapters import from_objective

CASES = [Case(from_objective(poisson, loss), "(n),(n)->(n)", name="poisson", domains={"labels": Integers(0, 9)})]
