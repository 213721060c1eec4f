import type { Phase } from "./connection";
import type { Citation, HistoryItem, Owner, Part, Rating, ServerFrame } from "./protocol";

/** A message of the customer that the server has not yet stored. */
export interface Outgoing {
  id: string;
  text: string;
  at: string;
  state: "pending" | "failed";
  /** Said by the button that asks for a human. */
  handoff?: boolean;
}

/** A reply that is still being written. */
export interface Draft {
  turnId: string;
  status: string;
  text: string;
  parts: Part[];
}

export type Alert = "rate_limited" | "failed" | "loading" | "source_unavailable";

export interface ChatState {
  phase: Phase;
  open: boolean;
  unread: number;
  conversationId: string | null;
  owner: Owner;
  position: number | null;
  handoffRequested: boolean;
  resolved: boolean;
  /** Stored messages by rising `seq`. */
  items: readonly HistoryItem[];
  outgoing: readonly Outgoing[];
  draft: Draft | null;
  typing: "bot" | "agent" | null;
  lastSeq: number | null;
  alert: Alert | null;
  /** What the customer is looking up. */
  source: Citation | null;
}

export type ChatEvent =
  | { type: "received"; frame: ServerFrame; at: string }
  | { type: "phase_changed"; phase: Phase }
  | { type: "spoken"; outgoing: Outgoing }
  | { type: "delivery_failed"; id: string }
  | { type: "retried"; id: string }
  | { type: "discarded"; id: string }
  | { type: "rated"; messageId: string; value: Rating }
  | { type: "alerted"; alert: Alert }
  | { type: "source_opened"; source: Citation }
  | { type: "source_closed" }
  | { type: "opened" }
  | { type: "closed" }
  | { type: "restarted" };

export function initialState(conversationId: string | null, outgoing: readonly Outgoing[]): ChatState {
  return {
    phase: "idle",
    open: false,
    unread: 0,
    conversationId,
    owner: "bot",
    position: null,
    handoffRequested: false,
    resolved: false,
    items: [],
    outgoing,
    draft: null,
    typing: null,
    lastSeq: null,
    alert: null,
    source: null,
  };
}

export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "received":
      return receive(state, event.frame, event.at);
    case "phase_changed":
      return { ...state, phase: event.phase, typing: null };
    case "spoken":
      return {
        ...state,
        outgoing: [...state.outgoing, event.outgoing],
        handoffRequested: event.outgoing.handoff ?? state.handoffRequested,
        resolved: false,
        alert: null,
      };
    case "delivery_failed":
      return { ...withDelivery(state, event.id, "failed"), handoffRequested: false };
    case "retried":
      return { ...withDelivery(state, event.id, "pending"), alert: null };
    case "discarded":
      return withoutOutgoing(state, event.id);
    case "rated":
      return {
        ...state,
        items: state.items.map((item) =>
          item.message_id === event.messageId ? { ...item, feedback: event.value } : item,
        ),
      };
    case "alerted":
      return { ...state, alert: event.alert };
    case "source_opened":
      return { ...state, source: event.source, alert: null };
    case "source_closed":
      return { ...state, source: null };
    case "opened":
      return { ...state, open: true, unread: 0 };
    case "closed":
      return { ...state, open: false };
    case "restarted":
      return { ...initialState(null, []), phase: state.phase, open: state.open };
  }
}

function receive(state: ChatState, frame: ServerFrame, at: string): ChatState {
  switch (frame.type) {
    case "welcome": {
      const resumed = frame.conversation_id === state.conversationId;
      const known = new Set(frame.history.map((item) => item.client_message_id));
      return {
        ...state,
        conversationId: frame.conversation_id,
        owner: frame.owner,
        position: resumed ? state.position : null,
        handoffRequested: false,
        resolved: frame.resolved,
        items: merge(resumed ? state.items : [], frame.history),
        outgoing: state.outgoing.filter(({ id }) => !known.has(id)),
        // What was being written when the line broke is either in the history or will be sent again.
        draft: null,
        typing: null,
        lastSeq: frame.last_seq,
        alert: null,
      };
    }
    case "accepted": {
      const spoken = state.outgoing.find(({ id }) => id === frame.client_message_id);
      if (spoken === undefined) return state;
      const joined = { ...withoutOutgoing(state, spoken.id), conversationId: frame.conversation_id };
      // Stored before, over a line that broke: only the whole history has its place, so it is asked for again.
      if (frame.seq === null) return { ...joined, lastSeq: null };
      return stored(joined, {
        seq: frame.seq,
        message_id: frame.message_id,
        role: "customer",
        at: spoken.at,
        parts: [{ type: "text", text: spoken.text }],
        client_message_id: spoken.id,
      });
    }
    case "status":
      return { ...state, draft: { ...draftOf(state, frame.turn_id), status: frame.text } };
    case "delta": {
      const draft = draftOf(state, frame.turn_id);
      return { ...state, draft: { ...draft, text: draft.text + frame.text } };
    }
    case "part": {
      const draft = draftOf(state, frame.turn_id);
      return { ...state, draft: { ...draft, parts: [...draft.parts, frame.part] } };
    }
    case "done": {
      const { message_id, response, seq } = frame;
      // Answered before: it came then, or it comes with the history.
      if (seq === null || message_id === null) return state;
      const { citations, handoff, parts } = response;
      return stored(
        {
          ...state,
          ...(handoff && { owner: "queue", position: handoff.position }),
          draft: null,
          typing: null,
          handoffRequested: false,
          alert: null,
        },
        { seq, message_id, role: "bot", at, parts, citations },
      );
    }
    case "error":
      return {
        ...withDelivery(state, frame.client_message_id, "failed"),
        draft: null,
        typing: null,
        handoffRequested: false,
        alert: frame.problem.status === 429 ? "rate_limited" : "failed",
      };
    case "message":
      return {
        ...stored(withoutOutgoing(state, frame.message.client_message_id), frame.message),
        alert: null,
        typing: frame.message.role === "agent" ? null : state.typing,
      };
    case "typing":
      // The server tells everybody who watches, the writer too; and the bot is silent beside a human.
      if (frame.who === "customer" || (frame.who === "bot" && state.owner !== "bot")) return state;
      return { ...state, typing: frame.typing ? frame.who : null };
    case "owner":
      return {
        ...state,
        owner: frame.owner,
        position: frame.position ?? null,
        handoffRequested: false,
        alert: null,
        // A turn that a human cut short has no end.
        ...(frame.owner !== "bot" && { draft: null, typing: null }),
      };
    case "resolved":
      return { ...state, resolved: true, draft: null, typing: null };
    case "pong":
      return state;
    default:
      frame satisfies never;
      // A frame of a newer server.
      return state;
  }
}

function stored(state: ChatState, item: HistoryItem): ChatState {
  const known = state.items.some(({ message_id }) => message_id === item.message_id);
  const counts = !known && !state.open && (item.role === "bot" || item.role === "agent");
  return {
    ...state,
    items: merge(state.items, [item]),
    lastSeq: Math.max(state.lastSeq ?? 0, item.seq),
    unread: state.unread + (counts ? 1 : 0),
  };
}

/** One item per `seq` and per `message_id`; the arriving one is newer, but only a rating can replace a rating. */
function merge(known: readonly HistoryItem[], arriving: readonly HistoryItem[]): HistoryItem[] {
  const merged = new Map(known.map((item) => [item.seq, item]));
  const seqOf = new Map(known.map((item) => [item.message_id, item.seq]));
  for (const item of arriving) {
    const seq = seqOf.get(item.message_id) ?? item.seq;
    const before = merged.get(seq);
    merged.set(seq, { ...item, seq, feedback: item.feedback ?? before?.feedback ?? null });
    seqOf.set(item.message_id, seq);
  }
  return [...merged.values()].sort((a, b) => a.seq - b.seq);
}

/** The draft of this turn. Turns follow one another, so another turn's draft is a leftover. */
function draftOf({ draft }: ChatState, turnId: string): Draft {
  return draft?.turnId === turnId ? draft : { turnId, status: "", text: "", parts: [] };
}

function withDelivery(state: ChatState, id: string | null, delivery: Outgoing["state"]): ChatState {
  return {
    ...state,
    outgoing: state.outgoing.map((message) => (message.id === id ? { ...message, state: delivery } : message)),
  };
}

function withoutOutgoing(state: ChatState, id: string | null | undefined): ChatState {
  return { ...state, outgoing: state.outgoing.filter((message) => message.id !== id) };
}

/** Holds the state, tells those who watch it. */
export class Store {
  #state: ChatState;
  readonly #watchers = new Set<() => void>();

  constructor(state: ChatState) {
    this.#state = state;
  }

  get state(): ChatState {
    return this.#state;
  }

  dispatch(event: ChatEvent): void {
    const next = reduce(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Returns the function that ends the subscription. */
  subscribe(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }
}
