"""Arithmetic, reductions and rearrangements: on random shapes, with their options, in both dtypes."""

from __future__ import annotations

import numpy as np

import manual_bp
from gradcheck import Case, Integers, Reals
from tests.library_cases import in_both_dtypes, twin

POSITIVE = Reals(0, None)
AXES = {"dim": [None, 0, -1, (0, 1)], "keepdim": [False, True]}
ONE_AXIS = {"dim": [None, 0, -1], "keepdim": [False, True]}


def elementwise(op, signature="(),()->()", **more):
    """An op of inputs whose shapes broadcast."""
    return in_both_dtypes(op, signature, broadcast=True, **more)


def reduction(op, options, **more):
    """Over all axes, over one and over two; the shape of what comes out follows from the options."""
    given = {name: value for name, value in options.items() if name not in ("dim", "keepdim")}
    cases = []
    for dim in options["dim"]:
        for keepdim in options["keepdim"]:
            left = ["m"] if dim == -1 else ["n"] if dim == 0 else []
            if keepdim:
                left = {0: ["1", "n"], -1: ["m", "1"]}.get(dim, ["1", "1"])
            cases += in_both_dtypes(
                op,
                f"(m,n)->({','.join(left)})",
                name=f"{op.__name__} dim={dim}" + " keepdim" * keepdim,
                options={**given, "dim": dim, "keepdim": keepdim},
                **more,
            )
    return cases


def of_pair(op):
    """An op of several arrays, asked with two, which are then two inputs."""
    reference = twin(op)

    def of_two(x, other, **options):
        y, vjp = op((x, other), **options)

        def of_two_vjp(dy):
            (gradients,) = vjp(dy)
            return gradients

        return y, of_two_vjp

    def twin_of_two(x, other, **options):
        return reference((x, other), **options)

    of_two.__name__ = op.__name__
    return of_two, twin_of_two if reference else None


def where_equal(choice, x, other):
    """`where`, asked with integers, of which a case can draw: x where they are 1."""
    y, vjp = manual_bp.where(choice == 1, x, other)
    return y, vjp


def where_equal_twin(choice, x, other):
    """The same through the twin."""
    return twin(manual_bp.where)(choice == 1, x, other)


where_equal.__name__ = "where"


def einsum_cases(rows):
    """One case an equation, named by it."""
    return [
        case
        for equation, signature in rows.items()
        for case in in_both_dtypes(
            manual_bp.einsum, signature, name=f"einsum {equation}", options={"equation": equation}
        )
    ]


concatenate, concatenate_twin = of_pair(manual_bp.concatenate)
stack, stack_twin = of_pair(manual_bp.stack)

CASES: list[Case] = [
    *elementwise(manual_bp.add, options={"alpha": [1.0, -2.5]}),
    *elementwise(manual_bp.sub, options={"alpha": [1.0, -2.5]}),
    *elementwise(manual_bp.mul),
    *elementwise(manual_bp.div),
    *elementwise(manual_bp.pow, domains={"x": POSITIVE}),
    *in_both_dtypes(manual_bp.neg),
    *in_both_dtypes(manual_bp.exp),
    *in_both_dtypes(manual_bp.log, domains={"x": POSITIVE}),
    *in_both_dtypes(manual_bp.sqrt, domains={"x": POSITIVE}),
    *reduction(manual_bp.sum, AXES),
    *reduction(manual_bp.mean, AXES),
    *reduction(manual_bp.var, {**AXES, "correction": [1.0, 0.0]}),
    *reduction(manual_bp.max, ONE_AXIS),
    *reduction(manual_bp.min, ONE_AXIS),
    *reduction(manual_bp.prod, ONE_AXIS),
    *reduction(manual_bp.norm, {**AXES, "p": [2.0, 1.0, 3.0, 1.5, np.inf, -np.inf, 0.0]}),
    *reduction(manual_bp.logsumexp, AXES),
    *in_both_dtypes(manual_bp.cumsum, options={"dim": [-1, 0]}),
    *in_both_dtypes(manual_bp.matmul, "(m?,k),(k,n?)->(m?,n?)"),
    *in_both_dtypes(manual_bp.matmul, name="matmul of stacks", broadcast=True),
    *einsum_cases(
        {
            "ij,jk->ik": "(i,j),(j,k)->(i,k)",
            "ij,kj": "(i,j),(k,j)->(i,k)",
            "i,j->ji": "(i),(j)->(j,i)",
            "bij,bjk->ikb": "(b,i,j),(b,j,k)->(i,k,b)",
            "ijk,j->i": "(i,j,k),(j)->(i)",
            "iij,ik->kj": "(i,i,j),(i,k)->(k,j)",
            "...i,ji->...j": "(b,i),(j,i)->(b,j)",
            "...ij,...jk->...ik": "(b,i,j),(1,j,k)->(b,i,k)",
        }
    ),
    *in_both_dtypes(manual_bp.transpose),
    *in_both_dtypes(
        manual_bp.transpose, "(k,m,n)->(n,m,k)", name="transpose of three", options={"dim0": 0, "dim1": -1}
    ),
    *in_both_dtypes(manual_bp.reshape, "(m,n)->(_)", options={"shape": (-1,)}),
    *in_both_dtypes(concatenate, "(m,n),(k,n)->(m+k,n)", reference=concatenate_twin),
    *in_both_dtypes(
        concatenate, "(n,m),(n,k)->(n,m+k)", name="concatenate dim=-1", reference=concatenate_twin, options={"dim": -1}
    ),
    *in_both_dtypes(stack, "(m,n),(m,n)->(2,m,n)", reference=stack_twin),
    *in_both_dtypes(stack, "(m,n),(m,n)->(m,n,2)", name="stack dim=-1", reference=stack_twin, options={"dim": -1}),
    *in_both_dtypes(manual_bp.take, "(m,n),(k,l)->(k,l)", domains={"index": Integers(0, "n")}),
    *in_both_dtypes(manual_bp.take, "(3,4),(k)->(k)", name="take from the end", domains={"index": Integers(-12, 12)}),
    *in_both_dtypes(manual_bp.gather, "(m,n),(m,k)->(m,k)", domains={"index": Integers(0, "n")}),
    *in_both_dtypes(
        manual_bp.gather,
        "(m,n),(k,n)->(k,n)",
        name="gather dim=0",
        domains={"index": Integers(0, "m")},
        options={"dim": 0},
    ),
    *in_both_dtypes(
        manual_bp.gather, "(4,n),(2,k)->(2,k)", name="gather of fewer", domains={"index": Integers(0, "n")}
    ),
    *in_both_dtypes(manual_bp.scatter_add, "(m,n),(m,k),(m,k)->(m,n)", domains={"index": Integers(0, "n")}),
    *in_both_dtypes(
        manual_bp.scatter_add,
        "(m,n),(k,n),(k,n)->(m,n)",
        name="scatter_add dim=0",
        domains={"index": Integers(0, "m")},
        options={"dim": 0},
    ),
    *in_both_dtypes(
        manual_bp.scatter_add,
        "(4,n),(2,k),(3,k+2)->(4,n)",
        name="scatter_add of fewer",
        domains={"index": Integers(0, "n")},
    ),
    *elementwise(
        where_equal,
        "(),(),()->()",
        domains={"choice": Integers(0, 2)},
        reference=where_equal_twin if twin(manual_bp.where) else None,
    ),
    *in_both_dtypes(manual_bp.clip, options={"min": [-1.0, None, 0.5], "max": [1.0, 6.0]}),
    *in_both_dtypes(
        manual_bp.pad,
        options={"pad": [(1, 2), (0, 3, 1, 0), (-1, 2, 0, -1)], "value": 1.5},
        sizes={"m": (2, None), "n": (2, None)},
    ),
    *in_both_dtypes(
        manual_bp.pad,
        name="pad in modes",
        options={"pad": [(1, 2), (2, 1, 1, 2)], "mode": ["reflect", "replicate", "circular"]},
        sizes={"m": (3, None), "n": (3, None)},
    ),
]
