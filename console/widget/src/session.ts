import { Connection, type Phase } from "./connection";
import { Memory, randomId } from "./memory";
import { type LoadMore, MoreLoader } from "./more-loader";
import type { Citation, ClientFrame, Rating, ServerFrame } from "./protocol";
import type { Settings } from "./settings";
import { initialState, type Outgoing, Store } from "./store";

/** Characters (code points) in one message. */
export const MESSAGE_LIMIT = 4000;

/** Milliseconds. */
const DELIVERY_TIMEOUT = 20_000;
const TYPING_PAUSE = 4_000;

export interface SessionOptions {
  createSocket?: (url: string) => WebSocket;
  random?: () => number;
  loadMore?: LoadMore;
}

/** One customer's side of the conversation: what the components call, and what they watch through `store`. */
export class ChatSession {
  readonly store: Store;
  readonly more: MoreLoader;
  readonly #memory: Memory;
  readonly #connection: Connection;
  readonly #deliveryTimers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #unsentRatings = new Map<string, Rating>();
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: Settings, options: SessionOptions = {}) {
    this.more = new MoreLoader(settings.origin, options.loadMore);
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
        locale: settings.locale,
      }),
      onFrame: (frame) => this.#receive(frame),
      onPhase: (phase) => this.#changePhase(phase),
      createSocket: options.createSocket,
      random: options.random,
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
    this.#say(text, false);
  }

  /** Asks for a human, in these words; kept and sent again like every message. */
  requestHuman(text: string): void {
    this.#say(text, true);
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

  /** Shows where a statement comes from, as soon as there is something to show it with. */
  async openSource(source: Citation): Promise<void> {
    try {
      if (this.more.loaded === null) {
        this.store.dispatch({ type: "alerted", alert: "loading" });
        await this.more.load();
      }
      this.store.dispatch({ type: "source_opened", source });
    } catch {
      this.store.dispatch({ type: "alerted", alert: "source_unavailable" });
    }
  }

  closeSource(): void {
    this.store.dispatch({ type: "source_closed" });
  }

  #say(text: string, handoff: boolean): void {
    const words = text.trim();
    if (words === "" || [...words].length > MESSAGE_LIMIT) return;
    const outgoing: Outgoing = {
      id: randomId(),
      text: words,
      at: new Date().toISOString(),
      state: "pending",
      handoff,
    };
    this.#memory.keep(outgoing);
    this.store.dispatch({ type: "spoken", outgoing });
    this.#stopTyping();
    this.#connection.start();
    this.#deliver(outgoing);
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === "error" && this.store.state.phase !== "online") {
      // The hello was not taken. Only what is the server's own trouble can pass.
      if (frame.problem.status < 500 && frame.problem.status !== 429) this.#connection.stop("refused");
      return;
    }
    const before = this.store.state;
    this.store.dispatch({ type: "received", frame, at: new Date().toISOString() });
    const { conversationId, outgoing } = this.store.state;
    if (conversationId !== before.conversationId) this.#memory.conversationId = conversationId;
    for (const { id } of before.outgoing) if (!outgoing.some((message) => message.id === id)) this.#settle(id);
    if (frame.type === "error" && frame.client_message_id !== null) this.#failed(frame.client_message_id);
    if (frame.type === "accepted" && this.store.state.lastSeq === null) this.#connection.restart();
  }

  #changePhase(phase: Phase): void {
    this.store.dispatch({ type: "phase_changed", phase });
    if (phase !== "online") {
      this.#forgetTimers();
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

  #deliver({ id, text, handoff }: Outgoing): void {
    const frame: ClientFrame = handoff
      ? { type: "handoff", client_message_id: id }
      : { type: "message", client_message_id: id, message: text, attachments: [] };
    if (!this.#connection.send(frame)) return;
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
