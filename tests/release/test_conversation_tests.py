"""Conversation tests are read with their lines, and names that nothing has are problems."""

import textwrap
from datetime import timedelta

from kefu.release.conversation_tests import (
    Asks,
    Cites,
    ConversationTest,
    FlowIs,
    HandsOff,
    IntentIs,
    NotRan,
    Ran,
    RecordExpected,
    ReplyHas,
    SlotIs,
)
from kefu.release.tests_reader import Names, read_tests

NAMES = Names(
    intents=frozenset({"exchange_apply"}),
    flows={"exchange": frozenset({"order_id", "reason", "has_package"})},
    operations=frozenset({"orders.get", "returns.create"}),
)

DESIGNED = """
- name: 尺码不合适换货，包装丢了
  customer: C00007
  turns:
    - user: 裙子尺码不对，想换货但是包装丢了怎么办
      expect:
        {intent: exchange_apply, flow: exchange, asks: order_id,
         slots: {reason: size_mismatch, has_package: false}}
    - user: YL20261101000042
      expect: {operations: [orders.get], not_operations: [returns.create]}
    - user: 好的，就换M码
      expect: {operations: [returns.create], reply_any: [换货, 申请]}
  finally: {returns: {order_id: YL20261101000042, kind: exchange}, effects: {returns.create: 1}}
"""


def read(text: str, names: Names = NAMES) -> tuple[tuple[ConversationTest, ...], list[str]]:
    tests, problems = read_tests(textwrap.dedent(text), "tests/x.yaml", names)
    return tests, [str(problem) for problem in problems]


def only(text: str) -> ConversationTest:
    tests, problems = read(text)
    assert problems == []
    (test,) = tests
    return test


def problem_of(text: str) -> str:
    _, problems = read(text)
    (problem,) = problems
    return problem


def test_the_example_of_the_design_is_read_whole() -> None:
    test = only(DESIGNED)
    first, second, third = test.turns
    assert (test.name, test.customer, test.line) == ("尺码不合适换货，包装丢了", "C00007", 2)
    assert first.checks == (
        IntentIs("exchange_apply", 7),
        FlowIs("exchange", None, None, 7),
        Asks("order_id", 7),
        SlotIs("reason", "size_mismatch", 8),
        SlotIs("has_package", False, 8),
    )
    assert second.checks == (Ran("orders.get", "executed", 10), NotRan("returns.create", 10))
    assert third.checks[-1] == ReplyHas("any", ("换货", "申请"), 12)
    assert test.lasting.effects == {"returns.create": 1}
    expected = RecordExpected("returns", "YL20261101000042", None, {"kind": "exchange"}, 13)
    assert test.lasting.records == (expected,)


def test_without_a_customer_a_visitor_speaks() -> None:
    assert only("- {name: a, turns: [{user: 你好}]}").customer is None


def test_null_expects_that_there_is_none() -> None:
    test = only("- {name: a, turns: [{user: 你好, expect: {intent: null, flow: null, asks: null}}]}")
    assert test.turns[0].checks == (IntentIs(None, 1), FlowIs(None, None, None, 1), Asks(None, 1))


def test_a_flow_may_be_expected_with_its_status() -> None:
    test = only("- {name: a, turns: [{user: x, expect: {flow: {name: exchange, status: waiting}}}]}")
    assert test.turns[0].checks == (FlowIs("exchange", "waiting", None, 1),)


def test_an_operation_may_be_expected_with_its_status() -> None:
    test = only("- {name: a, turns: [{user: x, expect: {operations: [{returns.create: proposed}]}}]}")
    assert test.turns[0].checks == (Ran("returns.create", "proposed", 1),)


def test_a_handoff_may_be_expected_by_its_reason_and_queue() -> None:
    test = only(
        """
        - name: a
          turns:
            - {user: x, expect: {handoff: customer_asked}}
            - {user: x, expect: {handoff: {queue: general}}}
            - {user: x, expect: {handoff: false}}
        """
    )
    assert [turn.checks for turn in test.turns] == [
        (HandsOff(True, "customer_asked", None, 4),),
        (HandsOff(True, None, "general", 5),),
        (HandsOff(False, None, None, 6),),
    ]


def test_citations_may_be_expected_at_all_or_by_their_source() -> None:
    test = only(
        """
        - name: a
          turns:
            - {user: x, expect: {citations: true}}
            - {user: x, expect: {citations: [faq:F007]}}
        """
    )
    assert [turn.checks for turn in test.turns] == [(Cites(True, (), 4),), (Cites(True, ("faq:F007",), 5),)]


def test_time_may_pass_before_a_message() -> None:
    test = only("- {name: a, turns: [{user: x}, {user: y, after: 11m}]}")
    assert [turn.after for turn in test.turns] == [timedelta(), timedelta(minutes=11)]


def test_a_record_may_be_read_as_another_customer() -> None:
    test = only(
        "- {name: a, turns: [{user: x}], finally: {orders: [{order_id: Y1, customer: C2, status: paid}]}}"
    )
    assert test.lasting.records == (RecordExpected("orders", "Y1", "C2", {"status": "paid"}, 1),)


def test_unknown_names_are_problems_with_their_lines_and_a_hint() -> None:
    _, problems = read(
        """
        - name: a
          turns:
            - user: x
              expect:
                intent: exchange_aply
                flow: exchang
                slots: {order: Y1}
                asks: order_idd
                operations: [order.get]
                handoff: customer_ask
                language: chinese
          finally: {effects: {return.create: 1}}
        """
    )
    assert problems == [
        "tests/x.yaml:6: unknown intent `exchange_aply`; did you mean `exchange_apply`?",
        "tests/x.yaml:7: unknown flow `exchang`; did you mean `exchange`?",
        "tests/x.yaml:8: unknown slot `order`; did you mean `order_id`?",
        "tests/x.yaml:9: unknown question `order_idd`; did you mean `order_id`?",
        "tests/x.yaml:10: unknown operation `order.get`; did you mean `orders.get`?",
        "tests/x.yaml:11: unknown reason `customer_ask`; did you mean `customer_asked`?",
        "tests/x.yaml:12: unknown language `chinese`",
        "tests/x.yaml:13: unknown operation `return.create`; did you mean `returns.create`?",
    ]


def test_names_that_cannot_be_known_are_no_problem() -> None:
    unknown = Names(intents=None, flows=None, operations=None)
    _, problems = read("- {name: a, turns: [{user: x, expect: {intent: i, flow: f, asks: s}}]}", unknown)
    assert problems == []


def test_an_unknown_expectation_is_a_problem() -> None:
    assert "unknown key `reply`" in problem_of("- {name: a, turns: [{user: x, expect: {reply: [好]}}]}")


def test_a_test_without_turns_is_a_problem() -> None:
    assert problem_of("- {name: a, turns: []}") == "tests/x.yaml:1: turns: a test has at least one turn"


def test_two_tests_of_one_name_are_a_problem() -> None:
    text = "- {name: a, turns: [{user: x}]}\n- {name: a, turns: [{user: x}]}\n"
    assert problem_of(text) == "tests/x.yaml:2: test `a` stands in line 1 too"


def test_a_duration_that_is_none_is_a_problem() -> None:
    assert "must be a duration such as 30s" in problem_of("- {name: a, turns: [{user: x, after: soon}]}")


def test_a_file_that_is_no_list_is_a_problem() -> None:
    assert problem_of("name: a") == "tests/x.yaml:1: tests must be a list"
