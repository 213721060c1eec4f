"""The rung below everything: the turn itself failed, and the customer still gets an honest sentence."""

from kefu.conversation.ids import ConversationId
from kefu.conversation.state import ConversationState
from kefu.conversation.trace import Tracer
from kefu.turn.draft import Draft
from kefu.turn.handle import Settled
from kefu.turn.response import response_of
from kefu.turn.services import Services
from kefu.turn.store import TurnRecord
from kefu.understanding.reading import Reading


def excuse(conversation_id: ConversationId, state: ConversationState, services: Services) -> Settled:
    """A turn that settles the open messages with an apology and changes nothing else.

    A write that the failed turn reserved stays in the ledger, where reconciliation finds it.
    """
    trace = Tracer(services.monotonic)
    draft = Draft(state, services.clock)
    language = state.language or "zh-Hans"
    draft.rung = "form"
    draft.say(services.bot.wording.render("internal_error", {}, language))
    draft.reply(state.unanswered)
    reading = Reading((), None, (), "rules", (), language, "neutral")
    response = response_of(conversation_id, draft, reading, None, trace.finish())
    return Settled(draft, TurnRecord(draft.turn_id, state.unanswered, response, {"failed": True}))
