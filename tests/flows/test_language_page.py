"""The description of the language cannot lie: its example is a flow without problems."""

import inspect
from textwrap import dedent

import kefu.flows

from .support import problems_of, vocabulary


def test_the_example_of_the_description_is_sound() -> None:
    page = inspect.getdoc(kefu.flows) or ""
    example = dedent(page.split("::\n", 1)[1].split("\nSteps\n", 1)[0])
    known = vocabulary(**{"cancel.which_order": "", "cancel.confirm": "order", "order.not_found": "order_id"})
    assert problems_of(example, known=known) == []
