"""Tickets: what only a person can settle (response times by handbook HB-34 and HB-35)."""

from datetime import datetime, timedelta

from kefu.shop.database import TICKETS
from kefu.shop.documents import Priority, Ticket, TicketRecord, TicketType
from kefu.shop.handling import Call, Reply, WriteRequest
from kefu.shop.times import after_service_hours

_URGENT_RESPONSE = timedelta(hours=2)
_USUAL_RESPONSE = timedelta(hours=24)


class CreateTicket(WriteRequest, frozen=True, kw_only=True):
    type: TicketType
    priority: Priority = "normal"
    summary: str
    description: str = ""
    order_id: str | None = None
    return_id: str | None = None
    tracking_no: str | None = None
    callback_requested: bool = False
    conversation_id: str | None = None


def first_response_by(request: CreateTicket, now: datetime) -> datetime:
    """Two hours of service time for complaints, urgent matters and calls back; a day for the rest."""
    if request.type == "complaint" or request.priority == "urgent" or request.callback_requested:
        return after_service_hours(now, _URGENT_RESPONSE)
    return now + _USUAL_RESPONSE


def create(request: CreateTicket, call: Call) -> Reply:
    _check_references(request, call)
    ticket = Ticket(
        ticket_id=call.tx.next_id("TK", 6, call.now),
        type=request.type,
        status="open",
        created_at=call.now,
        first_response_by=first_response_by(request, call.now),
    )
    record = TicketRecord(
        ticket=ticket,
        customer_id=call.customer_id,
        priority=request.priority,
        summary=request.summary,
        description=request.description,
        order_id=request.order_id,
        return_id=request.return_id,
        tracking_no=request.tracking_no,
        callback_requested=request.callback_requested,
        conversation_id=request.conversation_id,
    )
    call.tx.put(TICKETS, record)
    return Reply(201, ticket)


def _check_references(request: CreateTicket, call: Call) -> None:
    """What the ticket is about must be the customer's own."""
    if request.order_id is not None:
        call.order(request.order_id)
    if request.return_id is not None:
        call.claim(request.return_id)
    if request.tracking_no is not None:
        call.parcel(request.tracking_no)
