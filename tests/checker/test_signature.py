import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck import Case, Integers, SignatureError, UsageError, report_case
from gradcheck.protocol import parse_signature

NAMES = ("a", "b", "c")


def test_parses_names_and_digits():
    signature = parse_signature("(o,i),(i,m),(o,1)->(o,m)")
    assert signature.inputs == (("o", "i"), ("i", "m"), ("o", 1))
    assert signature.outputs == (("o", "m"),)
    assert signature.names == ("o", "i", "m")


def test_scalars_and_spaces():
    signature = parse_signature(" ( n , c ) , (n) -> ( ) ")
    assert signature.inputs == (("n", "c"), ("n",))
    assert signature.outputs == ((),)


def test_agrees_with_numpy_on_matmul():
    signature = parse_signature("(n,k),(k,m)->(n,m)")
    sizes = signature.bind(("x", "y"), ((2, 3), (3, 4)))
    assert signature.output_shapes(sizes) == ((np.ones((2, 3)) @ np.ones((3, 4))).shape,)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("(m,n)", '"->"'),
        ("(m,n)->(m)->(n)", '"->"'),
        ("m,n->m", '"m,n"'),
        ("(m,n)->(m", '"(m"'),
        ("(m,2n)->(m)", '"2n"'),
        ("(m,n),->(m)", '"(m,n),"'),
        ("(m)->(k)", "`k`"),
        ("(m,,n)->(m)", '""'),
        ("", '"->"'),
    ],
)
def test_what_does_not_parse_gets_one_sentence(text, part):
    with pytest.raises(SignatureError) as caught:
        parse_signature(text)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_signature_is_a_string():
    with pytest.raises(SignatureError, match="not int 3"):
        parse_signature(3)


@pytest.mark.parametrize(
    ("shapes", "part"),
    [
        (((2, 3), (4,)), "size `n`"),
        (((2, 3, 1), (3,)), "2 dimensions"),
        (((2, 3),), "2 inputs, but 1"),
    ],
)
def test_shapes_that_do_not_fit_are_named(shapes, part):
    with pytest.raises(SignatureError, match=part):
        parse_signature("(m,n),(n)->(m)").bind(("x", "w"), shapes)


def test_a_fixed_size_is_enforced():
    with pytest.raises(SignatureError, match=r"fixes it to \(o,1\)"):
        parse_signature("(o,1)->(o)").bind(("b",), ((3, 2),))


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 5), min_size=3))
def test_bind_reads_back_what_the_shapes_were_made_of(sizes):
    signature = parse_signature("(a,b),(b,c),(a,1)->(a,c)")
    assert signature.bind(NAMES, signature.input_shapes(sizes)) == sizes


MATMUL = "(m?,n),(n,p?)->(m?,p?)"


@pytest.mark.parametrize("left", [(3,), (2, 3)])
@pytest.mark.parametrize("right", [(3,), (3, 4)])
def test_optional_sizes_agree_with_numpy_on_matmul(left, right):
    signature = parse_signature(MATMUL)
    sizes = signature.bind(("a", "b"), (left, right))
    assert ("m" in sizes) == (len(left) == 2)
    assert ("p" in sizes) == (len(right) == 2)
    assert signature.input_shapes(sizes) == (left, right)
    assert signature.output_shapes(sizes) == (np.matmul(np.ones(left), np.ones(right)).shape,)


def test_an_optional_size_is_absent_everywhere_or_nowhere():
    with pytest.raises(SignatureError, match="2 dimensions"):
        parse_signature("(m?,n),(m?,n)->(m?)").bind(("x", "y"), ((2, 3), (3,)))
    with pytest.raises(SignatureError, match='`m` both with and without "\\?"'):
        parse_signature("(m?,n),(m,n)->(n)")


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (((2, 3), (3,)), (2, 3)),
        (((2, 1), (1, 3)), (2, 3)),
        (((), ()), ()),
        (((), (4, 1, 2)), (4, 1, 2)),
        (((0, 3), (1,)), (0, 3)),
    ],
)
def test_loop_axes_agree_with_numpy(shapes, expected):
    signature = parse_signature("(),()->()", broadcast=True)
    sizes = signature.bind(("x", "y"), shapes)
    assert signature.output_shapes(sizes) == (expected,)
    assert (np.zeros(shapes[0]) + np.zeros(shapes[1])).shape == expected


def test_loop_axes_stand_in_front_of_the_core():
    signature = parse_signature("(m?,n),(n,p?)->(m?,p?)", broadcast=True)
    shapes = ((7, 1, 2, 3), (5, 3, 4))
    sizes = signature.bind(("a", "b"), shapes)
    assert sizes == {"m": 2, "n": 3, "p": 4, "loop[0]": 7, "loop[1]": 5}
    assert signature.output_shapes(sizes) == (np.matmul(*map(np.ones, shapes)).shape,)


def test_loop_axes_that_do_not_broadcast_are_named():
    with pytest.raises(SignatureError, match=r"`x` \(2,\), `y` \(3,\)"):
        parse_signature("(n),(n)->()", broadcast=True).bind(("x", "y"), ((2, 4), (3, 4)))
    with pytest.raises(SignatureError, match="broadcast=True"):
        parse_signature("(n)->()").bind(("x",), ((2, 4),))


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 5), min_size=1))
def test_bind_reads_back_which_sizes_are_absent(sizes):
    signature = parse_signature("(a?,1),(b?,2,2),(3,3,3,c?)->(a?,b?,c?)")
    assert signature.bind(NAMES, signature.input_shapes(sizes)) == sizes


def test_sums_and_products_are_sizes():
    signature = parse_signature("(4*h,i),(i, m)->(h,m+i-1),(m//2)")
    assert signature.names == ("h", "i", "m")
    sizes = signature.bind(("w", "x"), ((12, 5), (5, 7)))
    assert sizes == {"h": 3, "i": 5, "m": 7}
    assert signature.input_shapes(sizes) == ((12, 5), (5, 7))
    assert signature.output_shapes(sizes) == ((3, 11), (3,))


def test_what_only_formulas_hold_is_solved_for():
    signature = parse_signature("(n+k-1),(2*k)->(n)")
    assert signature.bind(("x", "y"), ((9,), (6,))) == {"k": 3, "n": 7}
    with pytest.raises(SignatureError, match="gives it an axis of `2\\*k`, and no such size can be, not 5"):
        signature.bind(("x", "y"), ((9,), (5,)))
    with pytest.raises(SignatureError, match="and that is 6 at n=3, not 7"):
        parse_signature("(n),(2*n)->(n)").bind(("x", "y"), ((3,), (7,)))


def test_sizes_that_make_no_shape_do_not_fit():
    signature = parse_signature("(n),(k)->(n-k+1)")
    assert signature.fits({"n": 5, "k": 3})
    assert not signature.fits({"n": 2, "k": 3})
    assert not signature.fits({"n": 2, "k": 5})
    assert parse_signature("(4*h)->(h)").fits({"h": 0})


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("(n//2)->()", "size `n` cannot be read off"),
        ("(n*k)->()", "size `n` cannot be read off"),
        ("(n+)->()", '"n+"'),
        ("(n/2)->()", '"n/2"'),
        ("(n**2)->()", '"n**2"'),
        ("(n//0,n)->()", '"n//0"'),
        ("(m?,2*m)->()", "both with and without"),
        ("(n)->(k+n)", "output size `k`"),
        ("(f(n))->()", '"(f(n))"'),
    ],
)
def test_a_formula_that_cannot_be_used_gets_one_sentence(text, part):
    with pytest.raises(SignatureError) as caught:
        parse_signature(text)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def full_convolution(x, k):
    def full_convolution_vjp(dy):
        return np.correlate(dy, k, "valid"), np.correlate(dy, x, "valid")

    return np.convolve(x, k), full_convolution_vjp


def gates(w, x):
    """Four gates of an LSTM in one matrix."""
    a, b, c, d = np.split(w @ x, 4)

    def gates_vjp(dy):
        dz = np.concatenate([dy * b * (1 - np.tanh(a) ** 2), dy * np.tanh(a), dy * d, dy * c])
        return np.outer(dz, x), w.T @ dz

    return np.tanh(a) * b + c * d, gates_vjp


@pytest.mark.parametrize(
    "case",
    [
        Case(gates, "(4*h,i),(i)->(h)"),
        Case(full_convolution, "(n),(k)->(n+k-1)", sizes={"n": (10, None), "k": (1, 9)}),
    ],
    ids=str,
)
def test_a_layer_of_several_parts_needs_no_inputs(case):
    report = report_case(case, examples=50)
    assert report.verdict == "correct", str(report)
    for name, (least, most) in (case.sizes or {}).items():
        low, high = report.ranges[name]
        assert low >= least
        assert most is None or high <= most


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"z": (1, 2)}, "bounds for size `z`"),
        ({"n": (3, 2)}, "no size `n` from 3 to 2"),
        ({"n": 5}, "the bounds of `n` are 5"),
        ({"n": (-1, 2)}, r"the bounds of `n` are \(-1, 2\)"),
        ({"n": (1.5, None)}, "the bounds of `n` are"),
        ([2], "sizes is"),
    ],
)
def test_bounds_of_sizes_are_two_whole_numbers(bounds, words):
    with pytest.raises(UsageError, match=words):
        Case(full_convolution, "(n),(k)->(n+k-1)", sizes=bounds)


def hot(labels, x, *, classes=4):
    """One-hot rows scaled by ``x``: the number of classes is an option."""
    rows = np.eye(classes)[labels % classes]
    return rows * x[:, None], lambda dy: (None, (dy * rows).sum(1))


def positive(x):
    """The entries above zero: how many there are follows from the values."""
    keep = x > 0

    def positive_vjp(dy):
        dx = np.zeros_like(x)
        dx[keep] = dy
        return (dx,)

    return x[keep], positive_vjp


def repeated(x, *, times):
    return np.repeat(x, times), lambda dy: (dy.reshape(-1, times).sum(1),)


SIZES = {
    "an option": (hot, "(n),(n)->(n,classes)", {"options": {"classes": [2, 5]}, "domains": {"labels": Integers(0, 9)}}),
    "its default": (hot, "(n),(n)->(n,classes)", {"domains": {"labels": Integers(0, 9)}}),
    "a formula with an option": (repeated, "(n)->(n*times)", {"options": {"times": [1, 3]}}),
    "the values": (positive, "(n)->(_)", {"inputs": (np.array([0.5, -1.0, 2.0]),)}),
    "an option without a number": (lambda x, *, k=None: (x[:k], lambda dy: (dy,)), "(n)->(k)", {}),
}


@pytest.mark.parametrize(("op", "signature", "more"), SIZES.values(), ids=SIZES)
def test_sizes_of_outputs_that_follow_from_options_and_values(op, signature, more):
    report = report_case(Case(op, signature, **more), examples=12)
    assert report.verdict == "correct", str(report)


def test_what_an_option_promises_is_held_against_the_output():
    case = Case(lambda x, *, k: (np.repeat(x, 2), lambda dy: (dy,)), "(n)->(n*k)", options={"k": 3})
    with pytest.raises(SignatureError, match=r"at sizes n=2, k=3 it promises \(6,\), and the op returned \(4,\)"):
        report_case(case, examples=3)
    with pytest.raises(SignatureError, match=r"it promises \(2, _\), and the op returned \(2,\)"):
        report_case(Case(lambda x: (x, lambda dy: (dy,)), "(n)->(n,_)"), examples=3)


def test_a_size_that_nothing_determines_is_told_how_to_be_written():
    with pytest.raises(SignatureError, match="has the name of the option, and one that follows from the values is wri"):
        Case(lambda x: (x, lambda dy: (dy,)), "(n)->(k)")
