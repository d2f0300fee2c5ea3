from layers import backward, forward

from gradcheck import Case, OneHot
from gradcheck.adapters import from_pair

op = from_pair(forward, backward, constants=("T",))
CASES = [
    Case(
        op,
        "(n,d),(d,c),(c),(n,c)->()",
        name="softmax regression",
        domains={"T": OneHot()},
        sizes={"n": (1, None), "c": (1, None)},
    )
]
