"""One call of the interpreter while it works: the state so far, and what has been recorded and said."""

from collections.abc import Mapping
from datetime import UTC, datetime

from kefu.conversation.events import Event, Recorded, SlotCleared, SlotFilled
from kefu.conversation.state import ConversationState, FlowFrame, apply
from kefu.conversation.values import Record, Value
from kefu.flows.definition import Flow, Step
from kefu.flows.library import FlowLibrary
from kefu.flows.outcomes import Option, Say

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Run:
    """Folds each event into its own state at once: what comes next sees what the caller will see."""

    def __init__(self, library: FlowLibrary, state: ConversationState, flow: Flow) -> None:
        """`flow` is on top of the stack, or will be once the first events are recorded."""
        self.library = library
        self.state = state
        self.flow = flow
        self._events: list[Event] = []
        self._says: list[Say] = []

    @property
    def frame(self) -> FlowFrame:
        """The flow's frame; an empty one before it is on top of the stack."""
        return self.state.flow or FlowFrame(self.flow.name, 0, "")

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    @property
    def says(self) -> tuple[Say, ...]:
        return tuple(self._says)

    @property
    def step(self) -> Step | None:
        """The step that the run stands at; None when the release has lost it."""
        return self.flow.steps.get(self.frame.step)

    @property
    def language(self) -> str:
        """The language, `zh` or `en`, in which a choice is worded as a message."""
        tag = (self.state.language or "zh").split("-")[0]
        return "zh" if tag in ("zh", "yue") else "en"

    def record(self, event: Event) -> None:
        self._events.append(event)
        self.state = apply(
            self.state, Recorded(self.state.version + 1, self.state.updated_at or _EPOCH, event)
        )

    def say(self, response: str, extra: Record | None = None, options: tuple[Option, ...] = ()) -> None:
        self._says.append(Say(response, self.fields(extra), options))

    def scope(self) -> Record:
        """The names that expressions may use."""
        results = {name: value for name, value in self.frame.results.items() if value is not None}
        at = self.state.updated_at
        instant: Mapping[str, Value] = {"now": at.isoformat()} if at else {}
        return {**results, **self.frame.slots, **instant, "customer": self._customer()}

    def fields(self, extra: Record | None = None) -> Record:
        """The names that wordings may use."""
        about: Record = {"name": self.flow.name, "title": dict(self.flow.title)}
        return {**self.scope(), "flow": about, **(extra or {})}

    def fill(self, name: str, value: Value) -> None:
        """A slot's new value: in this run's own copy, and for later flows when it lasts that long."""
        if self.flow.slots[name].scope == "conversation":
            self.record(SlotFilled(name, value, "conversation"))
        self.record(SlotFilled(name, value, "flow"))

    def forget(self, name: str) -> bool:
        """Whether there was anything to forget."""
        mine, remembered = name in self.frame.slots, name in self.state.slots
        for _ in range(mine + remembered):
            # The first takes the run's own copy, the second what was remembered.
            self.record(SlotCleared(name))
        return mine or remembered

    def _customer(self) -> Record:
        customer = self.state.customer
        if customer is None:
            return {"id": None, "verified": False, "name": None, "locale": None, "attributes": {}}
        return {
            "id": customer.id,
            "verified": customer.verified,
            "name": customer.name,
            "locale": customer.locale,
            "attributes": customer.attributes,
        }
