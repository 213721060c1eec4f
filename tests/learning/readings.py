"""Readings as understanding would return them, with only what a test is about."""

from kefu.conversation.commands import AskKnowledge, Command
from kefu.understanding.reading import Entity, IntentGuess, Reading, Sentiment


def reading(
    *guesses: tuple[str, float],
    commands: tuple[Command, ...] = (AskKnowledge("q"),),
    requested: int = 1,
    entities: tuple[Entity, ...] = (),
    language: str = "zh-Hans",
    sentiment: Sentiment = "neutral",
    out_of_scope: bool = False,
) -> Reading:
    """A reading whose first `requested` guesses are asked for."""
    intents = tuple(IntentGuess(name, p, place < requested) for place, (name, p) in enumerate(guesses))
    first = intents[0] if intents and requested else None
    return Reading(commands, first, intents, "classifier", entities, language, sentiment, out_of_scope)
