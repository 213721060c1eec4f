"""Compose what the acts left to say, then let nothing out that must not leave."""

from collections.abc import Callable
from dataclasses import replace

from kefu.conversation.messages import Card, Part, Text
from kefu.turn.act import Acting
from kefu.turn.draft import Draft
from kefu.turn.policy import Policy
from kefu.turn.script import in_script_of
from kefu.understanding.reading import Reading

LONGEST_TEXT = 2000
"""Characters of one text part; the longest that every supported channel shows in one bubble."""


def compose(draft: Draft, reading: Reading, acting: Acting, policy: Policy) -> None:
    """Completes the reply: a human is offered when too many messages in a row led nowhere."""
    stuck = draft.state.misunderstood >= policy.offer_human_after
    if stuck and draft.state.question is None and draft.state.owner.kind == "bot":
        acting.offer_human("offer.human")
    if draft.citations:
        draft.rung = "faq"
    elif draft.rung != "human":
        draft.rung = reading.tier
    spoken = [part for part in draft.parts if not (isinstance(part, Text) and not part.text.strip())]
    draft.parts = [in_script_of(part, draft.state.language) for part in spoken]


def guard_output(draft: Draft, mask: Callable[[str], str]) -> None:
    """Masks personal data in everything that is not the merchant's own material, and caps lengths.

    Cited text is the merchant's: its hotline and mailbox must stay readable.
    """
    cited = bool(draft.citations)
    draft.parts = [_guarded(part, mask, cited=cited) for part in draft.parts]


def _guarded(part: Part, mask: Callable[[str], str], *, cited: bool) -> Part:
    match part:
        case Text():
            text = part.text if cited else mask(part.text)
            return Text(text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…")
        case Card():
            fields = tuple(replace(field, value=mask(field.value)) for field in part.fields)
            return replace(part, fields=fields)
        case _:
            return part
