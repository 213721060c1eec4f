"""What operators decide about turns."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from kefu.desk.care import Care
from kefu.desk.handoff import Queues


def _no_care() -> Mapping[str, Care]:
    return {}


@dataclass(frozen=True, slots=True)
class Policy:
    """`offer_human_after` counts messages in a row that led nowhere. `languages` are the tags of those that
    are answered; with none, every language is. `care` is by sentiment or signal."""

    offer_human_after: int = 2
    queues: Queues = field(default_factory=Queues)
    languages: AbstractSet[str] = frozenset()
    care: Mapping[str, Care] = field(default_factory=_no_care)

    def serves(self, language: str) -> bool:
        return not self.languages or language in self.languages
