"""The flows of the shipped shop, walked through whole conversations; the back office's answers are data."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import yaml

from kefu.conversation.commands import Affirm, CorrectSlot, Deny, SetSlot
from kefu.conversation.messages import Card, QuickReplies, Text
from kefu.conversation.values import Value
from kefu.flows.document import Document, plain
from kefu.flows.graph import mermaid
from kefu.flows.library import FlowLibrary, read_library
from kefu.flows.outcomes import Input, OperationFailed, OperationRefused, OperationReturned, Outcome
from kefu.flows.vocabulary import Vocabulary
from kefu.turn.wording import Wording
from kefu.turn.wording_parser import read_wording

from .support import OPERATIONS, Talk, done, opened, waiting

PACK = Path(__file__).parents[2] / "src" / "kefu" / "packs" / "yunlan"
FLOW_FILES = sorted((PACK / "flows").glob("*.yaml"))


def sources(folder: str) -> dict[str, str]:
    return {
        f"{folder}/{path.name}": path.read_text("utf-8") for path in sorted((PACK / folder).glob("*.yaml"))
    }


def fits_schema(flow: Value) -> bool:
    schema = json.loads((PACK.parents[1] / "flows" / "schema.json").read_text("utf-8"))
    checked = jsonschema.Draft202012Validator(schema)
    return checked.is_valid(flow)  # pyright: ignore[reportUnknownMemberType] -- an untyped stub


def records(name: str) -> list[dict[str, Any]]:
    return json.loads((PACK / "shop" / f"{name}.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def wording() -> Wording:
    return read_wording(sources("responses"), ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def library(wording: Wording) -> FlowLibrary:
    return read_library(sources("flows"), Vocabulary(OPERATIONS, wording.responses))


@pytest.fixture(scope="module")
def orders() -> list[dict[str, Any]]:
    return records("orders")


@pytest.fixture(scope="module")
def shipments() -> list[dict[str, Any]]:
    return records("shipments")


class Service(Talk):
    """A talk whose replies are worded, in both languages, so that every field is proved to be there."""

    wording: Wording

    def reply(self, outcome: Outcome, language: str = "zh") -> str:
        parts = [part for say in outcome.says for part in self.wording.speak(say, language)]
        return "\n".join(part.text for part in parts if isinstance(part, Text))

    def buttons(self, outcome: Outcome) -> list[tuple[str, str]]:
        parts = [part for say in outcome.says for part in self.wording.speak(say, "zh")]
        replies = [part for part in parts if isinstance(part, QuickReplies)]
        return [(choice.label, choice.message) for part in replies for choice in part.options]

    def cards(self, outcome: Outcome) -> list[Card]:
        parts = [part for say in outcome.says for part in self.wording.speak(say, "en")]
        return [part for part in parts if isinstance(part, Card)]


@pytest.fixture
def service(library: FlowLibrary, wording: Wording) -> Service:
    made = Service(library)
    made.wording = wording
    return made


def listed(*found: Value) -> Value:
    return {"items": list(found), "total": len(found), "page": 1, "page_size": 5}


def of_status(orders: list[dict[str, Any]], status: str) -> dict[str, Any]:
    return next(order for order in orders if order["status"] == status)


def called(service: Service) -> list[str]:
    return [call.operation for call in service.calls]


def test_the_intents_of_the_pack_start_their_flows(library: FlowLibrary) -> None:
    assert library.flow_for_intent("order_cancel") == "cancel_order"
    assert library.triggers() == {
        "logistics_track": "track_parcel",
        "order_cancel": "cancel_order",
        "order_status": "order_status",
    }


# --- finding the order -----------------------------------------------------------------------------


def test_a_full_order_number_is_looked_up_at_once(service: Service, orders: list[dict[str, Any]]) -> None:
    order = of_status(orders, "paid")
    service.returning(order)
    outcome = service.begin("order_status", SetSlot("order_id", order["order_id"]))
    assert called(service) == ["orders.get"]
    assert order["order_id"] in service.reply(outcome)


def test_the_last_six_digits_find_the_order(service: Service, orders: list[dict[str, Any]]) -> None:
    order = of_status(orders, "paid")
    service.returning(listed(order), order)
    service.begin("order_status", SetSlot("order_id", order["order_id"][-6:]))
    assert [call.arguments for call in service.calls] == [
        {"order_tail": order["order_id"][-6:], "page_size": 5},
        {"order_id": order["order_id"]},
    ]


def test_six_digits_of_several_orders_let_the_customer_choose(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    first, second = orders[:2]
    service.returning(listed(first, second))
    outcome = waiting(service.begin("order_status", SetSlot("order_id", "123456")))
    assert [message for _, message in service.buttons(outcome)] == [first["order_id"], second["order_id"]]
    service.returning(second)
    assert second["order_id"] in service.reply(service.hear("2", SetSlot("quantity", 2)))


def test_a_tracking_number_finds_the_order(
    service: Service, orders: list[dict[str, Any]], shipments: list[dict[str, Any]]
) -> None:
    parcel = shipments[0]
    order = next(order for order in orders if order["order_id"] == parcel["order_id"])
    service.returning([parcel], order)
    service.begin("order_status", SetSlot("tracking_no", parcel["tracking_no"]))
    assert called(service) == ["shipments.track", "orders.get"]


def test_a_product_finds_the_order(service: Service, orders: list[dict[str, Any]]) -> None:
    order = of_status(orders, "paid")
    service.returning(listed(order), order)
    service.begin("cancel_order", SetSlot("product", "羊毛裙"))
    assert service.calls[0].arguments == {"keyword": "羊毛裙", "page_size": 5}


def test_without_anything_the_only_order_is_used(service: Service, orders: list[dict[str, Any]]) -> None:
    order = of_status(orders, "paid")
    service.returning(listed(order), order)
    assert order["order_id"] in service.reply(service.begin("order_status"))


def test_without_anything_the_customer_chooses_among_the_recent_ones(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    service.returning(listed(*orders[:5]))
    outcome = waiting(service.begin("order_status"))
    label, message = service.buttons(outcome)[0]
    assert message == orders[0]["order_id"]
    assert orders[0]["items"][0]["name"] in label
    assert len(outcome.question.choices) == 5


def test_a_product_named_at_the_choice_is_searched_for(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    service.returning(listed(*orders[:5]))
    service.begin("order_status")
    service.returning(listed(orders[3]), orders[3])
    assert orders[3]["order_id"] in service.reply(service.hear("面霜那单", SetSlot("product", "面霜")))


def test_a_customer_without_orders_is_told_so(service: Service) -> None:
    service.returning(listed())
    outcome = done(service.begin("cancel_order"))
    assert (outcome.end, service.says) == ("completed", ["order.none"])


def test_an_order_that_is_missing_and_a_strangers_order_are_answered_alike(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    service.answers.append(OperationRefused("order_not_found"))
    service.returning(listed(*orders[:2]))
    outcome = waiting(service.begin("order_status", SetSlot("order_id", "YL20991231000001")))
    assert service.says == ["order.not_found", "order.which"]
    assert len(outcome.question.choices) == 2
    assert "YL20991231000001" not in str(service.state.slots)


@pytest.mark.parametrize("flow", ["track_parcel", "order_status", "cancel_order"])
def test_an_unverified_customer_is_asked_to_log_in_and_offered_a_human(service: Service, flow: str) -> None:
    service.state = opened(verified=False)
    outcome = done(service.begin(flow, SetSlot("order_id", "YL20261108000123")))
    assert (called(service), service.says) == ([], ["account.login_needed"])
    assert service.buttons(outcome) == [("转人工", "转人工")]


# --- order status and parcels ----------------------------------------------------------------------


def test_every_order_of_the_shop_can_be_told_in_both_languages(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    for order in orders:
        service.returning(order)
        outcome = done(service.begin("order_status", SetSlot("order_id", order["order_id"])))
        assert outcome.end == "completed"
        for language in ("zh", "en"):
            assert order["order_id"] in service.reply(outcome, language)
        assert service.cards(outcome)[0].kind == "order"


def test_every_parcel_of_the_shop_can_be_told_in_both_languages(
    service: Service, shipments: list[dict[str, Any]]
) -> None:
    for parcel in shipments:
        service.returning([parcel])
        outcome = done(service.begin("track_parcel", SetSlot("tracking_no", parcel["tracking_no"])))
        for language in ("zh", "en"):
            assert parcel["tracking_no"] in service.reply(outcome, language)
        (card,) = service.cards(outcome)
        assert 1 <= len(card.timeline) <= 5


def test_a_parcel_is_told_with_local_times(service: Service, shipments: list[dict[str, Any]]) -> None:
    parcel = next(one for one in shipments if one["tracking_no"] == "EMS12123450714")
    service.returning([parcel])
    reply = service.reply(service.begin("track_parcel", SetSlot("tracking_no", "EMS12123450714")))
    assert reply == "邮政EMS EMS12123450714：已签收。8月18日 12:33，已签收，签收方式：放门口（按备注）。"


def test_all_parcels_of_an_order_are_told(
    service: Service, orders: list[dict[str, Any]], shipments: list[dict[str, Any]]
) -> None:
    order = next(one for one in orders if len(one["shipments"]) == 2)
    parcels = [one for one in shipments if one["order_id"] == order["order_id"]]
    service.returning(order, parcels)
    outcome = service.begin("track_parcel", SetSlot("order_id", order["order_id"]))
    assert called(service) == ["orders.get", "shipments.track"]
    assert len(service.cards(outcome)) == len(parcels) == 2


@pytest.mark.parametrize(
    ("status", "says"), [("paid", "track.not_shipped"), ("cancelled", "track.cancelled")]
)
@pytest.mark.parametrize("answer", [OperationReturned([]), OperationRefused("shipment_not_found")])
def test_an_order_without_parcels_is_explained(
    service: Service, orders: list[dict[str, Any]], status: str, says: str, answer: Input
) -> None:
    order = of_status(orders, status)
    service.returning(order)
    service.answers.append(answer)
    outcome = done(service.begin("track_parcel", SetSlot("order_id", order["order_id"])))
    assert service.says == [says]
    assert order["order_id"] in service.reply(outcome)


def test_an_unknown_tracking_number_leads_to_the_orders(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    service.answers.append(OperationRefused("shipment_not_found"))
    service.returning(listed(*orders[:2]))
    assert waiting(service.begin("track_parcel", SetSlot("tracking_no", "SF1358820046712")))
    assert service.says == ["track.not_found", "order.which"]


def test_when_the_shop_cannot_be_reached_a_human_takes_over(service: Service) -> None:
    service.answers.append(OperationFailed("unavailable"))
    outcome = done(service.begin("track_parcel"))
    assert (outcome.hand_off, service.says, service.state.flows) == ("outage", ["flow.unavailable"], ())


# --- cancelling ------------------------------------------------------------------------------------


def cancelling(service: Service, order: dict[str, Any], *commands: SetSlot) -> Outcome:
    service.returning(order)
    return service.begin("cancel_order", SetSlot("order_id", order["order_id"]), *commands)


def test_an_order_is_cancelled_after_a_yes_and_the_refund_is_told(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    order = of_status(orders, "paid")
    outcome = waiting(cancelling(service, order, SetSlot("reason", "wrong_spec")))
    assert outcome.proposal is not None
    assert outcome.proposal.arguments == {"order_id": order["order_id"], "reason": "wrong_spec"}
    assert "¥719.00 原路退回" in service.reply(outcome)
    assert [message for _, message in service.buttons(outcome)] == ["确认取消", "先不取消"]
    service.returning(
        {
            "order_id": order["order_id"],
            "status": "cancelled",
            "result": "cancelled",
            "refunds": [
                {"amount": 100.0, "expected_by": "2026-11-21T09:00:00+08:00"},
                {"amount": 619.0, "expected_by": "2026-11-24T09:00:00+08:00"},
            ],
            "coupons_returned": ["YLQ8X2K4M"],
            "points_returned": 200,
        }
    )
    outcome = done(service.hear("确认取消", Affirm()))
    reply = service.reply(outcome)
    assert [word in reply for word in ("已取消", "¥719.00", "YLQ8X2K4M", "200 积分")] == [True] * 4
    assert service.cards(outcome)[0].kind == "receipt"


def test_the_reason_is_never_asked_for(service: Service, orders: list[dict[str, Any]]) -> None:
    proposal = waiting(
        cancelling(service, of_status(orders, "paid"), SetSlot("reason", "size_mismatch"))
    ).proposal
    assert proposal is not None
    assert proposal.arguments["reason"] == "no_longer_wanted"


def test_what_was_not_paid_is_not_promised_back(service: Service, orders: list[dict[str, Any]]) -> None:
    unpaid = next(one for one in orders if one["status"] == "pending_payment" and one["amounts"]["paid"] == 0)
    assert "退回" not in service.reply(cancelling(service, unpaid))


def test_a_packed_order_is_only_asked_to_be_held(service: Service, orders: list[dict[str, Any]]) -> None:
    order = of_status(orders, "packed")
    assert "不保证成功" in service.reply(cancelling(service, order))
    service.returning(
        {
            "order_id": order["order_id"],
            "status": "packed",
            "result": "intercept_requested",
            "decide_by": "2026-11-20T09:32:00+08:00",
        }
    )
    assert "11月20日 09:32" in service.reply(service.hear("好", Affirm()))


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("shipped", "cancel.shipped"),
        ("delivered", "cancel.received"),
        ("completed", "cancel.received"),
        ("cancelled", "cancel.already"),
        ("in_aftersales", "cancel.in_aftersales"),
    ],
)
def test_what_cannot_be_cancelled_is_explained_and_nothing_is_called(
    service: Service, orders: list[dict[str, Any]], status: str, says: str
) -> None:
    outcome = done(cancelling(service, of_status(orders, status)))
    assert (service.says, called(service)) == ([says], ["orders.get"])
    assert service.reply(outcome, "en")


def test_a_no_leaves_the_order_alone(service: Service, orders: list[dict[str, Any]]) -> None:
    cancelling(service, of_status(orders, "paid"))
    done(service.hear("先不取消", Deny()))
    assert (service.says, called(service)) == (["cancel.kept"], ["orders.get"])


@pytest.mark.parametrize(
    ("answer", "says", "hand_off"),
    [
        (OperationRefused("order_not_cancellable", {"type": "custom"}), "cancel.refused", None),
        (OperationRefused("order_not_found"), "cancel.gone", None),
        (OperationFailed("unknown"), "cancel.unsure", "outage"),
        (OperationFailed("unavailable"), "flow.unavailable", "outage"),
    ],
)
def test_a_cancellation_that_fails_is_told_as_it_is(
    service: Service, orders: list[dict[str, Any]], answer: Input, says: str, hand_off: str | None
) -> None:
    cancelling(service, of_status(orders, "paid"))
    service.answers.append(answer)
    outcome = done(service.hear("确认取消", Affirm()))
    assert (service.says, outcome.hand_off) == ([says], hand_off)
    assert service.reply(outcome)


def test_another_order_at_the_confirmation_is_looked_up_and_proposed(
    service: Service, orders: list[dict[str, Any]]
) -> None:
    first, second = [one for one in orders if one["status"] == "paid"][:2]
    cancelling(service, first)
    service.returning(second)
    outcome = waiting(service.hear("不是这个", CorrectSlot("order_id", second["order_id"])))
    assert outcome.proposal is not None
    assert outcome.proposal.arguments["order_id"] == second["order_id"]
    assert second["order_id"] in service.reply(outcome)


# --- the files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FLOW_FILES, ids=lambda path: path.stem)
def test_a_flow_file_satisfies_the_schema_for_editors(path: Path) -> None:
    root = Document(path.name).root(path.read_text("utf-8"))
    assert root is not None
    assert fits_schema(plain(root))


@pytest.mark.parametrize(
    "change", [{"stepz": []}, {"steps": [{"id": "a", "say": "x", "ask": "y"}]}, {"steps": []}]
)
def test_the_schema_refuses_what_the_parser_refuses(change: dict[str, Any]) -> None:
    flow = yaml.safe_load((PACK / "flows" / "order_status.yaml").read_text("utf-8"))
    assert not fits_schema({**flow, **change})


def test_a_flow_can_be_drawn(library: FlowLibrary) -> None:
    lines = mermaid(library.flows["order_status"]).splitlines()
    assert lines[:2] == ["flowchart TD", '  start(("order_status")) --> s0']
    assert sum("orders.get" in line for line in lines) == 1
