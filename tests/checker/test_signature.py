import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck import SignatureError
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
