"""What the tiers of the cascade pass to each other."""

from dataclasses import dataclass

from kefu.conversation.commands import Command
from kefu.understanding.reading import Context, Entity, IntentGuess, Tier
from kefu.understanding.text import Cleaned


@dataclass(frozen=True, slots=True)
class Message:
    """One message, prepared once for all tiers. `whole` is what a follow-up says together with the messages
    that it leans on; None for a message that stands on its own."""

    cleaned: Cleaned
    entities: tuple[Entity, ...]
    context: Context
    whole: str | None = None

    @property
    def typed(self) -> str:
        return self.cleaned.typed

    @property
    def query(self) -> str:
        """What to search for."""
        return self.whole or self.typed

    @property
    def question(self) -> str | None:
        """The kind of the question that is open."""
        return self.context.question.kind if self.context.question else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one tier makes of a message. When it is not `sure`, the next tier is asked, if there is one."""

    commands: tuple[Command, ...]
    intents: tuple[IntentGuess, ...]
    tier: Tier
    sure: bool = True
    out_of_scope: bool = False
