"""shipments.track and shipments.report_problem."""

from typing import Any

import httpx
import pytest

from .support import Caller, details, error


async def _report(shop: Caller, tracking_no: str, customer: str, problem: str, **more: Any) -> httpx.Response:
    path = f"/v1/shipments/{tracking_no}/problems"
    return await shop.post(path, {"type": problem} | more, customer=customer)


async def _parcel(shop: Caller, tracking_no: str, customer: str) -> dict[str, Any]:
    return (await shop.get("/v1/shipments", customer=customer, tracking_no=tracking_no)).json()[0]


async def test_a_parcel_is_tracked_by_its_number(shop: Caller) -> None:
    parcel = await _parcel(shop, "YT8820848742304", "C00023")
    assert parcel["order_id"] == "YL20261113006616"
    times = [event["time"] for event in parcel["events"]]
    assert times == sorted(times)


async def test_an_order_in_several_parcels_shows_them_all(shop: Caller) -> None:
    parcels = (await shop.get("/v1/shipments", customer="C00091", order_id="YL20261114011477")).json()
    assert {parcel["tracking_no"] for parcel in parcels} == {
        "JD0076563079005",
        "ZTO788083727810",
        "ZTO784956651396",
    }


async def test_an_order_not_yet_sent_has_no_parcels(shop: Caller) -> None:
    response = await shop.get("/v1/shipments", customer="C00001", order_id="YL20261119020743")
    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.parametrize(
    "query", [{}, {"tracking_no": "YT8820848742304", "order_id": "YL20261113006616"}], ids=["none", "both"]
)
async def test_exactly_one_number_is_asked_for(shop: Caller, query: dict[str, str]) -> None:
    assert error(await shop.get("/v1/shipments", customer="C00023", **query)) == (400, "bad_request")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"tracking_no": "YT8820848742304"}, "shipment_not_found"),
        ({"tracking_no": "SF1000000000000"}, "shipment_not_found"),
        ({"order_id": "YL20261113006616"}, "order_not_found"),
    ],
    ids=["stranger's parcel", "no such parcel", "stranger's order"],
)
async def test_a_strangers_parcel_looks_like_a_missing_one(
    shop: Caller, query: dict[str, str], code: str
) -> None:
    assert error(await shop.get("/v1/shipments", customer="C00001", **query)) == (404, code)


async def test_a_stuck_parcel_is_reported_and_marked(shop: Caller) -> None:
    response = await _report(shop, "YD4624839626870", "C00046", "stuck", note="好几天没动")
    assert response.status_code == 201
    assert response.json() == {
        "report_id": "PR202611200016",
        "type": "stuck",
        "reported_at": "2026-11-20T09:00:00+08:00",
        "note": "好几天没动",
        "status": "processing",
    }
    parcel = await _parcel(shop, "YD4624839626870", "C00046")
    assert parcel["problem_reports"] == [response.json()]
    assert parcel["status"] == "exception"
    assert parcel["exception"]["threshold_hours"] == 72


async def test_a_problem_is_reported_once(shop: Caller) -> None:
    first = await _report(shop, "YD4624839626870", "C00046", "stuck")
    again = await _report(shop, "YD4624839626870", "C00046", "stuck")
    assert error(again) == (409, "report_exists")
    assert details(again) == {"report_id": first.json()["report_id"]}


async def test_another_problem_of_the_same_parcel_is_another_report(shop: Caller) -> None:
    await _report(shop, "YD4624839626870", "C00046", "stuck")
    assert (await _report(shop, "YD4624839626870", "C00046", "lost")).status_code == 201


async def test_a_report_that_is_settled_does_not_bar_a_new_one(shop: Caller) -> None:
    response = await _report(shop, "STO7768849456660", "C00036", "lost")
    assert (response.status_code, response.json()["status"]) == (201, "awaiting_customer_choice")


async def test_far_regions_take_longer_to_be_stuck(shop: Caller) -> None:
    response = await _report(shop, "YT8857363532127", "C00045", "stuck")
    assert error(response) == (422, "not_stuck_yet")
    assert details(response) == {"zone": 4, "threshold_hours": 120, "hours_since_update": 104}
    shop.clock.advance(hours=16)
    assert (await _report(shop, "YT8857363532127", "C00045", "stuck")).status_code == 201


async def test_seven_days_without_news_count_as_lost(shop: Caller) -> None:
    response = await _report(shop, "YT8899651657247", "C00018", "stuck")
    assert response.json()["status"] == "awaiting_customer_choice"
    parcel = await _parcel(shop, "YT8899651657247", "C00018")
    assert parcel["exception"]["type"] == "lost"


async def test_a_delivered_parcel_is_not_stuck(shop: Caller) -> None:
    assert error(await _report(shop, "YT8820848742304", "C00023", "stuck")) == (422, "not_stuck_yet")


async def test_a_delivered_parcel_is_not_lost_but_missing_at_the_door(shop: Caller) -> None:
    response = await _report(shop, "YT8820848742304", "C00023", "lost")
    assert error(response) == (422, "not_eligible")
    assert details(response)["alternatives"] == ["signed_not_received"]


@pytest.mark.parametrize("problem", ["damaged", "missing_item"])
@pytest.mark.parametrize(
    ("images", "status"), [([], "waiting_photos"), (["img-1"], "processing")], ids=["no photos", "photos"]
)
async def test_damage_within_two_days_is_taken_up(
    shop: Caller, problem: str, images: list[str], status: str
) -> None:
    response = await _report(shop, "YT8876504914925", "C00044", problem, image_ids=images)
    assert (response.status_code, response.json()["status"]) == (201, status)


@pytest.mark.parametrize("problem", ["damaged", "missing_item"])
async def test_damage_after_two_days_becomes_a_return(shop: Caller, problem: str) -> None:
    response = await _report(shop, "YT8820848742304", "C00023", problem)
    assert error(response) == (422, "out_of_window")
    assert details(response) == {"deadline": "2026-11-18T20:47:19+08:00", "alternatives": ["return"]}


@pytest.mark.parametrize(
    "problem", ["damaged", "missing_item", "signed_not_received", "left_without_consent"]
)
async def test_what_supposes_delivery_needs_it(shop: Caller, problem: str) -> None:
    response = await _report(shop, "YD4624839626870", "C00046", problem)
    assert error(response) == (409, "order_not_delivered")


async def test_signed_for_but_not_received_asks_the_carrier_for_proof(shop: Caller) -> None:
    response = await _report(shop, "YT8876504914925", "C00044", "signed_not_received")
    assert response.json()["status"] == "waiting_carrier_proof"
    parcel = await _parcel(shop, "YT8876504914925", "C00044")
    assert (parcel["status"], parcel["exception"]["report_within_72h"]) == ("delivered", True)


async def test_after_three_days_it_is_taken_up_late(shop: Caller) -> None:
    response = await _report(shop, "YT8820848742304", "C00023", "signed_not_received")
    assert response.json()["status"] == "accepted_late"


async def test_a_drop_off_without_consent_is_reported_within_a_week(shop: Caller) -> None:
    accepted = await _report(shop, "YT8820848742304", "C00023", "left_without_consent")
    assert accepted.json()["status"] == "processing"


async def test_after_a_week_a_drop_off_is_no_longer_taken_up(shop: Caller) -> None:
    shop.clock.advance(days=5)
    response = await _report(shop, "YT8820848742304", "C00023", "left_without_consent")
    assert error(response) == (422, "out_of_window")


async def test_a_strangers_parcel_cannot_be_reported(shop: Caller) -> None:
    response = await _report(shop, "YD4624839626870", "C00001", "stuck")
    assert error(response) == (404, "shipment_not_found")


@pytest.mark.parametrize(
    ("more", "field"),
    [({"type": "eaten"}, "type"), ({"image_ids": ["x"] * 10}, "image_ids"), ({"note": 1}, "note")],
)
async def test_a_field_that_breaks_the_schema_is_named(
    shop: Caller, more: dict[str, object], field: str
) -> None:
    path = "/v1/shipments/YD4624839626870/problems"
    response = await shop.post(path, {"type": "stuck"} | more, customer="C00046")
    assert error(response) == (400, "bad_request")
    assert details(response) == {"field": field}
