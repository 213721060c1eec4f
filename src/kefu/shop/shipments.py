"""Parcels: where they are, and what went wrong with them (handbook HB-12)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from kefu.shop.database import ORDERS, SHIPMENTS
from kefu.shop.documents import ProblemReport, ProblemStatus, ProblemType, Shipment, ShipmentException
from kefu.shop.handling import Call, Reply, Request, WriteRequest
from kefu.shop.problems import Refusal, bad_request

_DAMAGE_REPORTED_IN = timedelta(hours=48)
_LOSS_AT_THE_DOOR_REPORTED_IN = timedelta(hours=72)
_DROP_OFF_REPORTED_IN = timedelta(days=7)
_DEEMED_LOST_AFTER = timedelta(days=7)

_SETTLED: frozenset[ProblemStatus] = frozenset({"resent", "refunded", "over_48h", "closed"})


class TrackShipment(Request, frozen=True, kw_only=True):
    tracking_no: str | None = None
    order_id: str | None = None


class ReportProblem(WriteRequest, frozen=True, kw_only=True):
    tracking_no: str
    type: ProblemType
    note: str = ""
    image_ids: tuple[str, ...] = ()


def track(request: TrackShipment, call: Call) -> Reply:
    match request.tracking_no, request.order_id:
        case str(tracking_no), None:
            return Reply(200, [call.parcel(tracking_no)])
        case None, str(order_id):
            order = call.order(order_id)
            parcels = call.tx.find(SHIPMENTS, order_id=order.order_id)
            return Reply(200, sorted(parcels, key=lambda parcel: parcel.shipped_at))
        case _:
            raise bad_request("tracking_no | order_id", "二选一")


def report_problem(request: ReportProblem, call: Call) -> Reply:
    parcel = call.parcel(request.tracking_no)
    order = call.tx.get(ORDERS, parcel.order_id)
    zone = order.address.zone if order else 1
    _check_no_open_report(parcel, request.type)
    status = assess(parcel, request.type, zone, call.now, has_photos=bool(request.image_ids))
    report = ProblemReport(
        report_id=call.tx.next_id("PR", 4, call.now),
        type=request.type,
        reported_at=call.now,
        note=request.note,
        status=status,
    )
    exception = exception_after(parcel, request.type, zone, call.now)
    call.tx.put(
        SHIPMENTS,
        replace(
            parcel,
            problem_reports=(*parcel.problem_reports, report),
            exception=exception or parcel.exception,
            status="exception" if exception and parcel.delivered_at is None else parcel.status,
        ),
    )
    return Reply(201, report)


def stuck_after_hours(zone: int) -> int:
    """Hours without news that make a parcel stuck: far regions take longer."""
    return 120 if zone >= 4 else 72


def assess(
    parcel: Shipment, problem: ProblemType, zone: int, now: datetime, *, has_photos: bool
) -> ProblemStatus:
    """Where a report begins; raises when it comes too early, too late or for the wrong kind of parcel."""
    match problem:
        case "stuck":
            return _assess_stuck(parcel, zone, now)
        case "lost":
            if parcel.delivered_at is not None:
                details = {"status": parcel.status, "alternatives": ["signed_not_received"]}
                raise Refusal("not_eligible", "包裹显示已签收，请按签收未收到反馈", details=details)
            return "awaiting_customer_choice" if _is_deemed_lost(parcel, now) else "processing"
        case "damaged" | "missing_item":
            _check_window(parcel, _DAMAGE_REPORTED_IN, "破损、少件需在签收后 48 小时内反馈", now, ["return"])
            return "processing" if has_photos else "waiting_photos"
        case "signed_not_received":
            delivered_at = _delivered_at(parcel)
            in_time = now <= delivered_at + _LOSS_AT_THE_DOOR_REPORTED_IN
            return "waiting_carrier_proof" if in_time else "accepted_late"
        case "left_without_consent":
            _check_window(parcel, _DROP_OFF_REPORTED_IN, "放驿站、虚假签收需在签收后 7 天内反馈", now, [])
            return "processing"
        case _:
            assert_never(problem)


def exception_after(
    parcel: Shipment, problem: ProblemType, zone: int, now: datetime
) -> ShipmentException | None:
    """The exception that an accepted report marks the parcel with; some problems mark nothing."""
    delivered_at = parcel.delivered_at or now
    match problem:
        case "stuck" | "lost":
            if problem == "lost" or _is_deemed_lost(parcel, now):
                confirmed_at = now if _is_deemed_lost(parcel, now) else None
                return ShipmentException(type="lost", since=parcel.last_update, confirmed_at=confirmed_at)
            return ShipmentException(
                type="stuck",
                since=parcel.last_update,
                threshold_hours=stuck_after_hours(zone),
                deemed_lost_at=parcel.last_update + _DEEMED_LOST_AFTER,
            )
        case "damaged":
            return ShipmentException(type="damaged", since=delivered_at, within_48h=True)
        case "signed_not_received":
            in_time = now <= delivered_at + _LOSS_AT_THE_DOOR_REPORTED_IN
            return ShipmentException(
                type="signed_not_received", since=delivered_at, report_within_72h=in_time
            )
        case "missing_item" | "left_without_consent":
            return None
        case _:
            assert_never(problem)


def _check_no_open_report(parcel: Shipment, problem: ProblemType) -> None:
    for report in parcel.problem_reports:
        if report.type == problem and report.status not in _SETTLED:
            raise Refusal("report_exists", "同类问题正在处理", details={"report_id": report.report_id})


def _assess_stuck(parcel: Shipment, zone: int, now: datetime) -> ProblemStatus:
    threshold = stuck_after_hours(zone)
    waited = now - parcel.last_update
    details = {
        "zone": zone,
        "threshold_hours": threshold,
        "hours_since_update": int(waited.total_seconds() // 3600),
    }
    if parcel.delivered_at is not None:
        raise Refusal("not_stuck_yet", "包裹已签收", details=details | {"status": parcel.status})
    if waited < timedelta(hours=threshold):
        region = "四、五区" if zone >= 4 else "一、二、三区"
        raise Refusal("not_stuck_yet", f"{region}满 {threshold} 小时未更新才算停滞", details=details)
    return "awaiting_customer_choice" if _is_deemed_lost(parcel, now) else "processing"


def _is_deemed_lost(parcel: Shipment, now: datetime) -> bool:
    """Seven days without news settle it: nobody waits for the carrier's word any longer."""
    return now >= parcel.last_update + _DEEMED_LOST_AFTER


def _check_window(
    parcel: Shipment, window: timedelta, message: str, now: datetime, alternatives: Sequence[str]
) -> None:
    deadline = _delivered_at(parcel) + window
    if now > deadline:
        details = {"deadline": deadline, "alternatives": alternatives}
        raise Refusal("out_of_window", message, details=details)


def _delivered_at(parcel: Shipment) -> datetime:
    if parcel.delivered_at is None:
        raise Refusal("order_not_delivered", "包裹还没有签收", details={"status": parcel.status})
    return parcel.delivered_at
