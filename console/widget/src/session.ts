import { Connection, type Phase } from "./connection";
import { Memory, randomId } from "./memory";
import { type LoadMore, MoreLoader } from "./more-loader";
import type { Rating, ServerFrame } from "./protocol";
import type { Settings } from "./settings";
import { type ChatEvent, type ChatState, initialState, type Outgoing, Store } from "./store";

/** Characters (code points) in one message. */
export const MESSAGE_LIMIT = 4000;

/** Milliseconds. */
const DELIVERY_TIMEOUT = 20_000;
const TYPING_PAUSE = 4_000;

export interface SessionOptions {
  createSocket?: (url: string) => WebSocket;
  loadMore: LoadMore;
}

/** One customer's side of the conversation: what the components call, and what they watch through `store`. */
export class ChatSession {
  readonly store: Store;
  readonly more: MoreLoader;
  /** Whether the panel was open on the page before. */
  readonly wasOpen: boolean;
  readonly #memory: Memory;
  readonly #connection: Connection;
  readonly #unsentRatings = new Map<string, Rating>();
  #deliveryTimer: ReturnType<typeof setTimeout> | undefined;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: Settings, options: SessionOptions) {
    this.more = new MoreLoader(options.loadMore);
    this.#memory = new Memory(settings.key, settings.customerToken);
    this.wasOpen = this.#memory.open;
    this.store = new Store(initialState(this.#memory.conversationId, this.#memory.undelivered()));
    this.#connection = new Connection({
      url: `${settings.origin.replace(/^http/, "ws")}/v1/ws`,
      hello: () => ({
        type: "hello",
        key: settings.key,
        customer_token: settings.customerToken,
        conversation_id: this.#state.conversationId,
        visitor_id: this.#memory.visitorId,
        after: this.#state.lastSeq,
        locale: settings.locale,
      }),
      onFrame: (frame) => this.#receive(frame),
      onPhase: (phase) => this.#changePhase(phase),
      ...options,
    });
    // A page view costs the server nothing until the customer has something to say or to read.
    if (this.#state.conversationId !== null) this.#connection.start();
  }

  open(): void {
    this.#apply({ type: "opened" });
    this.#connection.start();
  }

  close(): void {
    this.#apply({ type: "closed" });
  }

  dispose(): void {
    this.#connection.stop();
    this.#stopTimers();
  }

  /** Does nothing for a blank text or one over the limit. */
  say(text: string, { handoff = false } = {}): void {
    const words = text.trim();
    if (words === "" || [...words].length > MESSAGE_LIMIT) return;
    const outgoing: Outgoing = {
      id: randomId(),
      text: words,
      at: new Date().toISOString(),
      state: "pending",
      handoff,
    };
    this.#apply({ type: "spoken", outgoing });
    this.#stopTyping();
    this.#connection.start();
    this.#deliver(outgoing);
  }

  retry(outgoing: Outgoing): void {
    this.#apply({ type: "retried", id: outgoing.id });
    this.#deliver(outgoing);
  }

  discard(id: string): void {
    this.#apply({ type: "discarded", id });
  }

  rate(messageId: string, value: Rating): void {
    this.#apply({ type: "rated", messageId, value });
    this.#unsentRatings.set(messageId, value);
    this.#sendRatings();
  }

  /** Tells the other side that the customer writes; call it for every key. */
  writing(): void {
    if (this.#typingTimer === undefined) this.#connection.send({ type: "typing", typing: true });
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#stopTyping(), TYPING_PAUSE);
  }

  /** Leaves the conversation as it is on the server and opens a new one. */
  startOver(): void {
    this.#stopTimers();
    this.#apply({ type: "restarted" });
    this.#connection.restart();
  }

  get #state(): ChatState {
    return this.store.state;
  }

  /** Every change goes this way, so that the browser's memory follows it. */
  #apply(event: ChatEvent): void {
    const before = this.#state;
    this.store.dispatch(event);
    this.#memory.keep(before, this.#state);
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === "error" && this.#state.phase !== "online") {
      // The hello was not taken. Only what is the server's own trouble can pass.
      if (frame.problem.status < 500 && frame.problem.status !== 429) this.#connection.stop("refused");
      return;
    }
    this.#apply({ type: "received", frame, at: new Date().toISOString() });
    if (this.#state.lastSeq === null) this.#connection.restart();
  }

  #changePhase(phase: Phase): void {
    this.#apply({ type: "phase_changed", phase });
    if (phase !== "online") {
      this.#stopTimers();
      return;
    }
    for (const outgoing of this.#state.outgoing) if (outgoing.state === "pending") this.#deliver(outgoing);
    this.#sendRatings();
  }

  #deliver({ id, text, handoff }: Outgoing): void {
    const sent = this.#connection.send(
      handoff
        ? { type: "handoff", client_message_id: id }
        : { type: "message", client_message_id: id, message: text, attachments: [] },
    );
    if (!sent) return;
    clearTimeout(this.#deliveryTimer);
    this.#deliveryTimer = setTimeout(() => this.#apply({ type: "delivery_timed_out" }), DELIVERY_TIMEOUT);
  }

  #sendRatings(): void {
    for (const [message_id, value] of this.#unsentRatings) {
      if (this.#connection.send({ type: "feedback", message_id, value }))
        this.#unsentRatings.delete(message_id);
    }
  }

  #stopTyping(): void {
    if (this.#typingTimer === undefined) return;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = undefined;
    this.#connection.send({ type: "typing", typing: false });
  }

  #stopTimers(): void {
    clearTimeout(this.#deliveryTimer);
    this.#stopTyping();
  }
}
