import type { Phase } from "./connection";
import type { HistoryItem, Owner, Part, Rating, ServerFrame } from "./protocol";

/** A message of the customer that the server has not yet stored. */
export interface Outgoing {
  id: string;
  text: string;
  at: string;
  state: "pending" | "failed";
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
  drafts: readonly Draft[];
  typing: "bot" | "agent" | null;
  lastSeq: number | null;
  alert: Alert | null;
}

export type ChatEvent =
  | { type: "received"; frame: ServerFrame; at: string }
  | { type: "phase_changed"; phase: Phase }
  | { type: "spoken"; outgoing: Outgoing }
  | { type: "delivery_failed"; id: string }
  | { type: "retried"; id: string }
  | { type: "discarded"; id: string }
  | { type: "rated"; messageId: string; value: Rating }
  | { type: "handoff_requested" }
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
    drafts: [],
    typing: null,
    lastSeq: null,
    alert: null,
  };
}

export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "received":
      return receive(state, event.frame, event.at);
    case "phase_changed":
      return event.phase === "offline"
        ? { ...state, phase: "offline", typing: null, handoffRequested: false }
        : { ...state, phase: event.phase };
    case "spoken":
      return { ...state, outgoing: [...state.outgoing, event.outgoing], resolved: false, alert: null };
    case "delivery_failed":
      return { ...state, outgoing: withOutgoingState(state.outgoing, event.id, "failed") };
    case "retried":
      return { ...state, outgoing: withOutgoingState(state.outgoing, event.id, "pending"), alert: null };
    case "discarded":
      return { ...state, outgoing: state.outgoing.filter(({ id }) => id !== event.id) };
    case "rated":
      return {
        ...state,
        items: state.items.map((item) =>
          item.message_id === event.messageId ? { ...item, feedback: event.value } : item,
        ),
      };
    case "handoff_requested":
      return { ...state, handoffRequested: true };
    case "opened":
      return { ...state, open: true, unread: 0 };
    case "closed":
      return { ...state, open: false };
    case "restarted":
      return { ...initialState(null, []), phase: state.phase, open: state.open };
    default:
      return unreachable(event);
  }
}

function receive(state: ChatState, frame: ServerFrame, at: string): ChatState {
  switch (frame.type) {
    case "welcome": {
      const resumed = frame.conversation_id === state.conversationId;
      const stored = new Set(frame.history.map((item) => item.client_message_id));
      return {
        ...state,
        conversationId: frame.conversation_id,
        owner: frame.owner,
        position: resumed ? state.position : null,
        resolved: frame.resolved ?? false,
        items: merge(resumed ? state.items : [], frame.history),
        outgoing: state.outgoing.filter(({ id }) => !stored.has(id)),
        // What was being written when the line broke is either in the history or will be sent again.
        drafts: [],
        typing: null,
        lastSeq: frame.last_seq,
        alert: null,
      };
    }
    case "accepted": {
      const spoken = state.outgoing.find(({ id }) => id === frame.client_message_id);
      if (spoken === undefined) return state;
      const item: HistoryItem = {
        seq: frame.seq,
        message_id: frame.message_id,
        role: "customer",
        at: spoken.at,
        parts: [{ type: "text", text: spoken.text }],
        client_message_id: spoken.id,
      };
      return {
        ...stored(state, item),
        outgoing: state.outgoing.filter(({ id }) => id !== spoken.id),
        typing: state.owner === "bot" ? "bot" : state.typing,
      };
    }
    case "status":
      return withDraft(state, frame.turn_id, (draft) => ({ ...draft, status: frame.text }));
    case "delta":
      return withDraft(state, frame.turn_id, (draft) => ({ ...draft, text: draft.text + frame.text }));
    case "part":
      return withDraft(state, frame.turn_id, (draft) => ({ ...draft, parts: [...draft.parts, frame.part] }));
    case "done": {
      const { response } = frame;
      const settled: ChatState = {
        ...state,
        drafts: state.drafts.filter(({ turnId }) => turnId !== frame.turn_id),
        typing: null,
        handoffRequested: false,
        alert: null,
      };
      const parts: Part[] =
        response.parts.length > 0
          ? response.parts
          : response.reply === ""
            ? []
            : [{ type: "text", text: response.reply }];
      // A turn without words is one that a human answers.
      if (parts.length === 0) return { ...settled, lastSeq: later(state.lastSeq, frame.seq) };
      return stored(settled, {
        seq: frame.seq,
        message_id: frame.message_id ?? frame.turn_id,
        role: "bot",
        at,
        parts,
        citations: response.citations,
      });
    }
    case "error":
      return {
        ...state,
        outgoing:
          frame.client_message_id === null
            ? state.outgoing
            : withOutgoingState(state.outgoing, frame.client_message_id, "failed"),
        drafts: [],
        typing: null,
        handoffRequested: false,
        alert: frame.problem.status === 429 ? "rate_limited" : "failed",
      };
    case "message": {
      const clientMessageId = frame.message.client_message_id;
      return {
        ...stored(state, frame.message),
        alert: null,
        outgoing: state.outgoing.filter(({ id }) => id !== clientMessageId),
        typing: frame.message.role === "agent" ? null : state.typing,
      };
    }
    case "typing":
      if (frame.typing) return { ...state, typing: frame.who };
      return state.typing === frame.who ? { ...state, typing: null } : state;
    case "owner":
      return {
        ...state,
        owner: frame.owner,
        position: frame.position ?? null,
        handoffRequested: false,
        alert: null,
        typing: frame.owner === "bot" ? state.typing : null,
      };
    case "resolved":
      return { ...state, resolved: true, typing: null };
    case "pong":
      return state;
    default:
      return unreachable(frame);
  }
}

function stored(state: ChatState, item: HistoryItem): ChatState {
  const known = state.items.some(({ message_id }) => message_id === item.message_id);
  const counts = !known && !state.open && (item.role === "bot" || item.role === "agent");
  return {
    ...state,
    items: merge(state.items, [item]),
    lastSeq: later(state.lastSeq, item.seq),
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

function withDraft(state: ChatState, turnId: string, change: (draft: Draft) => Draft): ChatState {
  const known = state.drafts.some((draft) => draft.turnId === turnId);
  const drafts = known ? state.drafts : [...state.drafts, { turnId, status: "", text: "", parts: [] }];
  return { ...state, drafts: drafts.map((draft) => (draft.turnId === turnId ? change(draft) : draft)) };
}

function withOutgoingState(
  outgoing: readonly Outgoing[],
  id: string,
  state: Outgoing["state"],
): readonly Outgoing[] {
  return outgoing.map((message) => (message.id === id ? { ...message, state } : message));
}

function later(known: number | null, seq: number): number {
  return Math.max(known ?? seq, seq);
}

function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
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
