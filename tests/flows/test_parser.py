"""Every fault of a flow file is found, each with its line."""

import pytest

from kefu.flows.vocabulary import Vocabulary

from .support import OPERATIONS, Worded, problems_of, vocabulary

SOUND = """\
flow: look_up
title: {zh: 查, en: Look up}
intents: [order_status]
slots:
  order_id: {type: order_id}
steps:
  - id: which
    collect: order_id
    ask: a
  - id: look
    operation: orders.get
    arguments: {order_id: "{order_id}"}
    keep: order
    on: {order_not_found: none}
  - {id: tell, say: b, go: end}
  - {id: none, say: c, go: end}
"""


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, old
    return SOUND.replace(old, new)


def test_a_sound_flow_has_no_problems() -> None:
    assert problems_of(SOUND, known=vocabulary(b="order")) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("collect: order_id", "collect: order", "1.yaml:8: unknown slot `order`"),
        ("ask: a", "ask: z", "1.yaml:9: unknown response `z`"),
        ("ask: a", "aks: a", "1.yaml:9: step `which`: unknown key `aks`"),
        ("ask: a", "ask: a\n    tries: 0", "1.yaml:10: tries must be a whole number from 1 to 9"),
        ("type: order_id", "type: order_number", "1.yaml:5: slot `order_id`: unknown type `order_number`"),
        ("type: order_id", "type: choice", "1.yaml:5: slot `order_id`: `choices` belong to the type"),
        ("{type: order_id}", "{type: order_id, scope: ever}", "1.yaml:5: slot `order_id`: scope is"),
        ("{type: order_id}", "{type: order_id, replaces: [x]}", "1.yaml:5: slot `order_id` replaces `x`"),
        ("orders.get", "orders.fetch", "1.yaml:11: unknown operation `orders.fetch`"),
        ("{order_id: \"{order_id}\"}", "{}", "1.yaml:10: step `look`: orders.get needs the argument"),
        ("{order_id: \"{", "{page: 1, order_id: \"{", "1.yaml:12: orders.get has no argument `page`"),
        ("\"{order_id}\"", "\"{order_id\"", "1.yaml:12: `{order_id`: a `{` without its `}`"),
        ("\"{order_id}\"", "\"{exec(order_id)}\"", "1.yaml:12: `exec(order_id)`: the functions are"),
        ("\"{order_id}\"", "\"{product}\"", "1.yaml:10: unknown name `product`"),
        ("keep: order", "keep: order_id", "1.yaml:13: `order_id` cannot be a result's name"),
        ("order_not_found: none", "not_found: none", "1.yaml:14: `not_found` is no outcome"),
        ("order_not_found: none", "declined: none", "1.yaml:14: `declined` is no outcome"),
        ("order_not_found: none", "order_not_found: nowhere", "1.yaml:14: unknown step `nowhere`"),
        ("keep: order", "confirm: d", "1.yaml:13: step `look`: `confirm` belongs to a write"),
        ("say: c, go: end", "say: c", "1.yaml:16: step `none` is the last one and must say where to `go`"),
        ("id: none", "id: tell", "1.yaml:16: step `tell` stands twice"),
        ("id: tell", "id: end", "1.yaml:15: `end` cannot be a step's id"),
        ("- id: look", "- id_: look", "1.yaml:10: a step must have an `id`"),
        ("say: b", "say: b, answer: x", "1.yaml:15: step `tell` must have exactly one of"),
        ("say: b", "speak: b", "1.yaml:15: step `tell` must have exactly one of"),
        ("    on: {order_not_found: none}\n", "", "1.yaml:15: no way leads to step `none`"),
        ("title: {zh: 查, en: Look up}", "title: {zh: 查}", "1.yaml:2: title: `en` is missing"),
        ("intents: [order_status]", "intent: [order_status]", "1.yaml:3: the flow: unknown key `intent`"),
        ("flow: look_up", "flow: Look up", "1.yaml:1: flow: `Look up` must be lower-case"),
        ("slots:\n", "slots:\n  customer: {type: text}\n", "1.yaml:5: `customer` cannot be a slot's name"),
        ("slots:\n", "slots:\n  order_id: {type: text}\n", "1.yaml:6: slots: `order_id` stands twice"),
        ("say: c", "hand_off: tired", "1.yaml:16: unknown reason `tired`"),
        ("say: c", "call: elsewhere", "1.yaml:16: unknown flow `elsewhere`"),
        ("say: c", "call: look_up", "1.yaml:16: flow `look_up` calls itself"),
        ("say: c,", "set: {size: M},", "1.yaml:16: unknown slot `size`"),
        ("say: c,", "say: c, each: {order: order},", "1.yaml:16: `order` is taken by a slot or a result"),
        ("say: c, go: end", "say: c, go: which", "1.yaml:7: a loop through step `which` never waits"),
        ("say: c, go: end", "say: b, go: end", "1.yaml:16: response `b` needs `order`, which may have"),
        ("ask: a", "ask: a\n    when: order.total > 1", "1.yaml:7: `order` may have no value here"),
        ("ask: a", "ask: a\n    when: has(order)", "1.yaml:11: `order_id` may have no value here"),
        ("  - {id: tell", "  - id: [\n  - {id: tell", "1.yaml:16: not YAML"),
        (SOUND, "", "1.yaml: the file is empty"),
        (SOUND, "a: &a [*a]\n", "1.yaml:1: "),
        (SOUND, "- 1\n", "1.yaml:1: the flow must be a mapping"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_its_line(old: str, new: str, problem: str) -> None:
    found = problems_of(changed(old, new), known=vocabulary(b="order"))
    assert any(one.startswith(problem) for one in found), found


BRANCH = """\
flow: decide
title: {zh: 定, en: Decide}
slots: {count: {type: quantity}}
steps:
  - id: choose
    branch:
      - {when: has(count) and count > 1, go: many}
      - {else: few}
  - {id: many, say: a, go: end}
  - {id: few, say: b, go: end}
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{else: few}", "{when: true, go: few}", "1.yaml:5: step `choose`: a branch must end with `else`"),
        ("{else: few}", "{else: few}\n      - {else: few}", "1.yaml:8: step `choose`: an arm is `when`"),
        ("has(count) and count > 1", "count >", "1.yaml:7: `count >` is not an expression"),
        ("has(count) and ", "", "1.yaml:5: `count` may have no value here"),
    ],
)  # fmt: skip
def test_a_fault_of_a_branch_is_reported_with_its_line(old: str, new: str, problem: str) -> None:
    found = problems_of(BRANCH.replace(old, new))
    assert any(one.startswith(problem) for one in found), found


def test_a_write_must_be_confirmed() -> None:
    text = """\
flow: cancel
title: {zh: 取消, en: Cancel}
steps:
  - id: do
    operation: orders.cancel
    arguments: {order_id: YL20261108000123, reason: other}
    go: end
"""
    assert problems_of(text) == ["1.yaml:4: step `do`: orders.cancel is a write and must have a `confirm`"]


def test_all_faults_of_all_files_are_reported_at_once() -> None:
    first = changed("ask: a", "ask: z").replace("orders.get", "orders.fetch")
    second = BRANCH.replace("count >", "count >>>").replace("say: b", "say: zz")
    found = problems_of(first, second)
    assert [one.split(" ")[0] for one in found] == ["1.yaml:9:", "1.yaml:11:", "2.yaml:7:", "2.yaml:10:"]


def test_a_response_must_be_worded_in_both_languages() -> None:
    known = Vocabulary(OPERATIONS, {**vocabulary().responses, "a": Worded(frozenset({"zh"}))})
    assert problems_of(SOUND, known=known) == ["1.yaml:9: response `a` is not worded in `en`"]


def test_a_pack_must_word_what_the_interpreter_says_by_itself() -> None:
    responses = {key: word for key, word in vocabulary().responses.items() if key != "flow.failed"}
    assert problems_of(SOUND, known=Vocabulary(OPERATIONS, responses)) == [
        "responses: `flow.failed` must be worded in zh and en"
    ]


def test_an_intent_starts_one_flow_only() -> None:
    other = BRANCH.replace("slots:", "intents: [order_status]\nslots:")
    assert problems_of(SOUND, other) == ["2.yaml:3: intent `order_status` already starts the flow `look_up`"]


def test_an_unknown_intent_is_a_fault() -> None:
    known = Vocabulary(OPERATIONS, vocabulary().responses, intents=frozenset({"order_cancel"}))
    assert problems_of(SOUND, known=known) == ["1.yaml:3: unknown intent `order_status`"]


CALLER = """\
flow: caller
title: {zh: 调, en: Caller}
intents: [order_cancel]
steps:
  - {id: find, call: look_up}
  - {id: tell, say: b, go: end}
"""


def test_a_called_flow_gives_its_names_to_the_caller() -> None:
    known = vocabulary(b="order")
    found = problems_of(CALLER, SOUND, known=known)
    # After `none` the caller goes on without an order.
    assert found == ["1.yaml:6: response `b` needs `order`, which may have no value here"]
    assert problems_of(CALLER, SOUND.replace("say: c, go: end", "say: c, go: stop"), known=known) == []


def test_a_slot_that_two_flows_share_is_declared_alike() -> None:
    other = CALLER.replace("steps:", "slots: {order_id: {type: text}}\nsteps:")
    assert "1.yaml:6: slot `order_id` is declared otherwise in flow `look_up`" in problems_of(other, SOUND)


def test_a_loop_may_ask_again_once_the_slot_is_forgotten() -> None:
    text = SOUND.replace(
        "  - {id: none, say: c, go: end}\n",
        "  - {id: none, say: c}\n  - {id: forget, set: {order_id: null}, go: which}\n",
    )
    assert problems_of(text) == []
