"""What operators decide about turns."""

from dataclasses import dataclass, field

from kefu.desk.handoff import Queues


@dataclass(frozen=True, slots=True)
class Policy:
    """`offer_human_after` counts messages in a row that led nowhere."""

    offer_human_after: int = 2
    queues: Queues = field(default_factory=Queues)
