import { Connection, type Phase } from "./connection";
import { Memory, randomId } from "./memory";
import type { Rating, ServerFrame } from "./protocol";
import type { Settings } from "./settings";
import { initialState, type Outgoing, Store } from "./store";

/** Characters (code points) in one message. */
export const MESSAGE_LIMIT = 4000;

/** The message that has the meaning of the button, for when the button's frame cannot be sent. */
const HANDOFF_MESSAGE = "转人工";

/** Milliseconds. */
const DELIVERY_TIMEOUT = 20_000;
const TYPING_PAUSE = 4_000;

export interface Passage {
  passage_id: string;
  source: string;
  title: string;
  heading: string[];
  text: string;
  effective_from: string | null;
  effective_to: string | null;
}

export interface SessionOptions {
  createSocket?: (url: string) => WebSocket;
  random?: () => number;
}

/** One customer's side of the conversation: what the components call, and what they watch through `store`. */
export class ChatSession {
  readonly store: Store;
  readonly #settings: Settings;
  readonly #memory: Memory;
  readonly #connection: Connection;
  readonly #deliveryTimers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #unsentRatings = new Map<string, Rating>();
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: Settings, options: SessionOptions = {}) {
    this.#settings = settings;
    this.#memory = new Memory(settings.key, settings.customerToken);
    this.store = new Store(initialState(this.#memory.conversationId, this.#memory.undelivered()));
    this.#connection = new Connection({
      url: `${settings.origin.replace(/^http/, "ws")}/v1/ws`,
      hello: () => ({
        type: "hello",
        key: settings.key,
        customer_token: settings.customerToken,
        conversation_id: this.store.state.conversationId,
        visitor_id: this.#memory.visitorId(),
        after: this.store.state.lastSeq,
      }),
      onFrame: (frame) => this.#receive(frame),
      onPhase: (phase) => this.#changePhase(phase),
      ...options,
    });
    // A page view costs the server nothing until the customer has something to say or to read.
    if (this.store.state.conversationId !== null) this.#connection.start();
  }

  /** Whether the panel was open on the page before. */
  get wasOpen(): boolean {
    return this.#memory.open;
  }

  open(): void {
    this.#memory.open = true;
    this.store.dispatch({ type: "opened" });
    this.#connection.start();
  }

  close(): void {
    this.#memory.open = false;
    this.store.dispatch({ type: "closed" });
  }

  dispose(): void {
    this.#connection.stop();
    this.#forgetTimers();
  }

  /** Does nothing for a blank text or one over the limit. */
  say(text: string): void {
    const words = text.trim();
    if (words === "" || [...words].length > MESSAGE_LIMIT) return;
    const outgoing: Outgoing = {
      id: randomId(),
      text: words,
      at: new Date().toISOString(),
      state: "pending",
    };
    this.#memory.keep(outgoing);
    this.store.dispatch({ type: "spoken", outgoing });
    this.#stopTyping();
    this.#connection.start();
    this.#deliver(outgoing);
  }

  retry(id: string): void {
    this.store.dispatch({ type: "retried", id });
    const outgoing = this.store.state.outgoing.find((message) => message.id === id);
    if (outgoing === undefined) return;
    this.#memory.keep(outgoing);
    this.#deliver(outgoing);
  }

  discard(id: string): void {
    this.#settle(id);
    this.store.dispatch({ type: "discarded", id });
  }

  rate(messageId: string, value: Rating): void {
    this.store.dispatch({ type: "rated", messageId, value });
    if (!this.#connection.send({ type: "feedback", message_id: messageId, value })) {
      this.#unsentRatings.set(messageId, value);
    }
  }

  requestHuman(): void {
    if (this.#connection.send({ type: "handoff" })) this.store.dispatch({ type: "handoff_requested" });
    else this.say(HANDOFF_MESSAGE);
  }

  /** Tells the other side that the customer writes; call it for every key. */
  writing(): void {
    if (this.#typingTimer === undefined) this.#connection.send({ type: "typing", typing: true });
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#stopTyping(), TYPING_PAUSE);
  }

  /** Leaves the conversation as it is on the server and opens a new one. */
  startOver(): void {
    this.#forgetTimers();
    for (const { id } of this.store.state.outgoing) this.#memory.forget(id);
    this.#memory.conversationId = null;
    this.store.dispatch({ type: "restarted" });
    this.#connection.restart();
  }

  /** The passage behind a citation. Throws when the server does not answer with one. */
  async passage(id: string, signal: AbortSignal): Promise<Passage> {
    const url = `${this.#settings.origin}/v1/knowledge/passages/${encodeURIComponent(id)}`;
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${this.#settings.key}` }, signal });
    if (!answer.ok) throw new Error(`passage ${id}: ${answer.status}`);
    return answer.json();
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === "error" && this.store.state.phase !== "online") {
      this.#refused(frame.problem.status);
      return;
    }
    this.store.dispatch({ type: "received", frame, at: new Date().toISOString() });
    if (frame.type === "welcome") this.#memory.conversationId = frame.conversation_id;
    if (frame.type === "error" && frame.client_message_id !== null) this.#failed(frame.client_message_id);
    this.#forgetDelivered();
  }

  /** The server did not take the hello: the conversation is gone, or the key is not welcome. */
  #refused(status: number): void {
    if (status === 404 && this.store.state.conversationId !== null) {
      this.#memory.conversationId = null;
      const unsent = this.store.state.outgoing;
      this.store.dispatch({ type: "restarted" });
      for (const outgoing of unsent) this.store.dispatch({ type: "spoken", outgoing });
      this.#connection.restart();
    } else if (status >= 400 && status < 500 && status !== 429) {
      this.#connection.stop("refused");
    }
  }

  #changePhase(phase: Phase): void {
    const { handoffRequested } = this.store.state;
    this.store.dispatch({ type: "phase_changed", phase });
    if (phase !== "online") {
      this.#forgetTimers();
      // The wish for a human has no id to send again: it becomes a message, which has one.
      if (phase === "offline" && handoffRequested) this.say(HANDOFF_MESSAGE);
      return;
    }
    for (const outgoing of this.store.state.outgoing) {
      if (outgoing.state === "pending") this.#deliver(outgoing);
    }
    for (const [messageId, value] of this.#unsentRatings) {
      if (this.#connection.send({ type: "feedback", message_id: messageId, value })) {
        this.#unsentRatings.delete(messageId);
      }
    }
  }

  #deliver({ id, text }: Outgoing): void {
    const sent = this.#connection.send({
      type: "message",
      client_message_id: id,
      message: text,
      attachments: [],
    });
    if (!sent) return;
    clearTimeout(this.#deliveryTimers.get(id));
    this.#deliveryTimers.set(
      id,
      setTimeout(() => {
        this.store.dispatch({ type: "delivery_failed", id });
        this.#failed(id);
      }, DELIVERY_TIMEOUT),
    );
  }

  #failed(id: string): void {
    clearTimeout(this.#deliveryTimers.get(id));
    this.#deliveryTimers.delete(id);
    const outgoing = this.store.state.outgoing.find((message) => message.id === id);
    if (outgoing !== undefined) this.#memory.keep(outgoing);
  }

  #forgetDelivered(): void {
    const undelivered = new Set(this.store.state.outgoing.map(({ id }) => id));
    for (const id of this.#deliveryTimers.keys()) if (!undelivered.has(id)) this.#settle(id);
  }

  #settle(id: string): void {
    clearTimeout(this.#deliveryTimers.get(id));
    this.#deliveryTimers.delete(id);
    this.#memory.forget(id);
  }

  #stopTyping(): void {
    if (this.#typingTimer === undefined) return;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = undefined;
    this.#connection.send({ type: "typing", typing: false });
  }

  #forgetTimers(): void {
    for (const timer of this.#deliveryTimers.values()) clearTimeout(timer);
    this.#deliveryTimers.clear();
    clearTimeout(this.#typingTimer);
    this.#typingTimer = undefined;
  }
}
