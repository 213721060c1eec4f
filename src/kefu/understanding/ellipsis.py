"""Follow-ups that lean on what was said before: «那运费呢» after «拆封的口红能退吗».

The words alone decide whether a message is one; what it leans on is the customer's own last full message. The
two are read as one, with a value of the earlier replaced where the follow-up names another of its kind.
"""

import re
from collections.abc import Callable, Sequence

from kefu.understanding.reading import Entity
from kefu.understanding.text import Cleaned, clean, squeezed

LONGEST_FOLLOW_UP = 18
"""Characters, without marks: whoever says more says it whole."""
MESSAGES_BACK = 4
"""How many of the customer's messages a follow-up may lean on."""
_SHORTEST_TOPIC = 4

_OPENING = re.compile(
    r"^(?:那(?:么|要是|如果|假如|的话)?|要是|如果|假如|万一|换成|改成|还有|再就是|然后|噉|咁"
    r"|and |what about |how about |what if )"
)
_CLOSING = re.compile(r"(?:呢|咧|哩|捏|嘞)[?？~。!]*$")
# 它 and the like stand for something said before; 这个 and 那个 may as well be fillers.
_PRONOUN = re.compile(
    r"它|[这那][款件双条台套盒瓶只支箱把张顶副](?!个)|(?:刚才|前面|上面)(?:那|说的)|同一[款件]"
    r"|\b(?:it|that one|this one)\b"
)

Entities = Callable[[Cleaned], Sequence[Entity]]


def leans_back(text: str) -> bool:
    """Whether a cleaned message is a follow-up: short, and opening, closing or pointing like one."""
    if len(squeezed(text)) > LONGEST_FOLLOW_UP:
        return False
    return bool(_OPENING.search(text) or _CLOSING.search(text) or _PRONOUN.search(text))


def resolved(text: str, before: Sequence[str], entities: Entities) -> str | None:
    """A follow-up as a message of its own; None when it is none, or leans on nothing.

    `before` are the customer's earlier messages as typed, the latest last; `entities` finds one's values.
    """
    if not leans_back(clean(text).text):
        return None
    topic: str | None = None
    for said in before[-MESSAGES_BACK:]:
        if topic is not None and leans_back(clean(said).text):
            topic = _joined(topic, said, entities)
        elif len(squeezed(said)) >= _SHORTEST_TOPIC:
            topic = said
    return None if topic is None else _joined(topic, text, entities)


def _joined(topic: str, follow_up: str, entities: Entities) -> str:
    """The topic with the follow-up's values in place of its own; what else the follow-up says is added."""
    named = {entity.type: entity for entity in entities(clean(follow_up))}
    rest = follow_up
    for old in sorted(entities(clean(topic)), key=lambda entity: -entity.start):
        new = named.get(old.type)
        if new is not None:
            topic = topic[: old.start] + new.text + topic[old.end :]
            rest = rest.replace(new.text, "", 1)
    core = _core(rest)
    return f"{topic}，{core}" if core else topic


def _core(text: str) -> str:
    """What a follow-up says without the words that only tie it to what was before."""
    cleaned = clean(text)
    opening, closing = _OPENING.search(cleaned.text), _CLOSING.search(cleaned.text)
    start = opening.end() if opening else 0
    end = closing.start() if closing else len(cleaned.text)
    if start >= end or not squeezed(cleaned.text[start:end]):
        return ""
    first, last = cleaned.typed_span(start, end)
    return text[first:last].strip(" ,，。.?？!！的")
