"""What a fork server is asked and told arrives there whole."""

from dataclasses import fields
from functools import partial

from gradcheck.workers.crossing import read_setup, read_task, setup_line, task_line
from gradcheck.workers.task import Setup, Task

from .works import carried, load_nothing


def test_a_task_crosses_whole():
    task = Task("a.py", "x = 1\n", partial(carried, number=0.1), 2.5, (("b.py", "y = 2\n"), ("c.py", "")))
    again = read_task(task_line(task))
    assert again.work.func is carried
    assert again.work.keywords == {"number": 0.1}
    assert differing(task, again) == {"work"}


def test_a_setup_crosses_whole():
    setup = Setup(("a.py", "b.py::c"), load_nothing, "/folder", 3)
    assert differing(setup, read_setup(setup_line(setup))) == set()


def differing(one, other):
    """The fields that are not the same; `all_set` sees to it that none could be so by its default."""
    assert all_set(one), "a field at its default would cross by not crossing"
    return {field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name)}


def all_set(one):
    return all(getattr(one, field.name) != field.default for field in fields(one))
