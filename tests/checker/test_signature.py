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
