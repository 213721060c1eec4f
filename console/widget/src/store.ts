import type { Phase } from "./connection";
import type { HistoryItem, Owner, Part, Rating, ServerFrame } from "./protocol";

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

export type Alert = "rate_limited" | "failed";

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
}

export type ChatEvent =
  | { type: "received"; frame: ServerFrame; at: string }
  | { type: "phase_changed"; phase: Phase }
  | { type: "spoken"; outgoing: Outgoing }
  | { type: "delivery_timed_out" }
  | { type: "retried"; id: string }
  | { type: "discarded"; id: string }
  | { type: "rated"; messageId: string; value: Rating }
  | { type: "opened" }
  | { type: "closed" }
  | { type: "restarted" };

/** Nobody is at work on an answer. */
const QUIET = { draft: null, typing: null, handoffRequested: false, alert: null } as const;

export function initialState(conversationId: string | null, outgoing: readonly Outgoing[]): ChatState {
  return {
    phase: "idle",
    open: false,
    unread: 0,
    conversationId,
    owner: "bot",
    position: null,
    resolved: false,
    items: [],
    outgoing,
    lastSeq: null,
    ...QUIET,
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
    case "delivery_timed_out":
      return state.outgoing.reduce((before, { id }) => withDelivery(before, id, "failed"), state);
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
        resolved: frame.resolved,
        items: merge(resumed ? state.items : [], frame.history),
        outgoing: state.outgoing.filter(({ id }) => !known.has(id)),
        lastSeq: frame.last_seq,
        // What was being written when the line broke is either in the history or will be sent again.
        ...QUIET,
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
        { ...state, ...QUIET, ...(handoff && { owner: "queue", position: handoff.position }) },
        { seq, message_id, role: "bot", at, parts, citations },
      );
    }
    case "error":
      return {
        ...withDelivery(state, frame.client_message_id, "failed"),
        ...QUIET,
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
    case "owner": {
      const { owner, position = null } = frame;
      // Told after all that others did, even when it is the same.
      if (owner === state.owner) return { ...state, position: position ?? state.position };
      // A turn that a human cut short has no end.
      return { ...state, ...QUIET, owner, position };
    }
    case "resolved":
      return { ...state, ...QUIET, resolved: true };
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
  const counts = !known && !state.open && item.role !== "customer";
  return {
    ...state,
    items: merge(state.items, [item]),
    lastSeq: Math.max(state.lastSeq ?? 0, item.seq),
    unread: state.unread + (counts ? 1 : 0),
  };
}

/** One item per message; the arriving one is newer, but only a rating can replace a rating. */
function merge(known: readonly HistoryItem[], arriving: readonly HistoryItem[]): HistoryItem[] {
  const merged = new Map(known.map((item) => [item.message_id, item]));
  for (const item of arriving) {
    const feedback = item.feedback ?? merged.get(item.message_id)?.feedback ?? null;
    merged.set(item.message_id, { ...item, feedback });
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
    handoffRequested: false,
    outgoing: state.outgoing.map((message) =>
      message.id === id ? { ...message, state: delivery } : message,
    ),
  };
}

function withoutOutgoing(state: ChatState, id: string | null | undefined): ChatState {
  return { ...state, outgoing: state.outgoing.filter((message) => message.id !== id) };
}

/** Holds the state, tells whoever watches it. */
export class Store {
  readonly #watchers: (() => void)[] = [];
  #state: ChatState;

  constructor(state: ChatState) {
    this.#state = state;
  }

  get state(): ChatState {
    return this.#state;
  }

  dispatch(event: ChatEvent): void {
    this.#state = reduce(this.#state, event);
    for (const watcher of this.#watchers) watcher();
  }

  subscribe(watcher: () => void): void {
    this.#watchers.push(watcher);
  }
}
