from softplus import softplus

from gradcheck import Case
from gradcheck.adapters import from_jax

CASES = [Case(from_jax(softplus), "(n)->(n)", name="softplus", sizes={"n": (0, 8)})]
