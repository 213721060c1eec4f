"""Opinions about a conversation: appended as facts, whoever owns it."""

from kefu.api.application import Workspace
from kefu.conversation.events import BotReplied, FeedbackGiven, Rated
from kefu.conversation.ids import ConversationId, MessageId
from kefu.errors import BadRequest, NotFound

_LONGEST_COMMENT = 1000
_SCORES = range(1, 6)


async def give_feedback(
    workspace: Workspace, conversation_id: ConversationId, message_id: MessageId, value: str, comment: str
) -> None:
    """A thumb for one reply of the bot; a second one replaces the first when the log is read.

    Raises:
        BadRequest: the value is neither `up` nor `down`, or the comment is too long.
        NotFound: there is no such reply.
    """
    if value not in ("up", "down"):
        raise BadRequest("value must be `up` or `down`", field="value")
    _check_comment(comment)
    events = await workspace.store.events(conversation_id)
    replies = {r.event.message_id for r in events if isinstance(r.event, BotReplied)}
    if message_id not in replies:
        raise NotFound("there is no such reply in this conversation")
    await workspace.turns.append(conversation_id, FeedbackGiven(message_id, value, comment))


async def rate(workspace: Workspace, conversation_id: ConversationId, score: int, comment: str) -> None:
    """A score from 1 to 5 for the whole conversation. Raises `BadRequest` or `NotFound`."""
    if score not in _SCORES:
        raise BadRequest("score must be a whole number from 1 to 5", field="score")
    _check_comment(comment)
    await workspace.turns.append(conversation_id, Rated(score, comment))


def _check_comment(comment: str) -> None:
    if len(comment) > _LONGEST_COMMENT:
        raise BadRequest(f"comment may have at most {_LONGEST_COMMENT} characters", field="comment")
