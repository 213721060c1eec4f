import { type ClientFrame, parseServerFrame, type ServerFrame } from "./protocol";

export type Phase = "idle" | "connecting" | "online" | "offline" | "refused";

export interface ConnectionOptions {
  url: string;
  /** Made anew for every attempt, so that a reconnect resumes from what is known by then. */
  hello: () => ClientFrame;
  onFrame: (frame: ServerFrame) => void;
  onPhase: (phase: Phase) => void;
  createSocket?: ((url: string) => WebSocket) | undefined;
}

/** Milliseconds. */
export const FIRST_RETRY = 500;
export const SLOWEST_RETRY = 30_000;
export const HEARTBEAT = 25_000;
export const HEARTBEAT_ANSWER = 10_000;

/**
 * A WebSocket that comes back: exponential back-off with jitter, at once when the network returns, and a
 * heartbeat that finds the connections which died without saying so. Frames are delivered from `welcome` on.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #createSocket: (url: string) => WebSocket;
  #socket: WebSocket | null = null;
  #phase: Phase = "idle";
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeatTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#createSocket = options.createSocket ?? ((url) => new WebSocket(url));
  }

  start(): void {
    if (this.#phase !== "idle") return;
    addEventListener("online", this.#connectNow);
    addEventListener("offline", this.#lose);
    this.#connect();
  }

  stop(phase: "idle" | "refused" = "idle"): void {
    removeEventListener("online", this.#connectNow);
    removeEventListener("offline", this.#lose);
    this.#drop();
    this.#enter(phase);
  }

  /** Says hello again on a new socket, for example after the conversation was changed. */
  restart(): void {
    this.#drop();
    this.#attempt = 0;
    this.#connect();
  }

  /** False when nothing was sent because the connection is not up. */
  send(frame: ClientFrame): boolean {
    if (this.#phase !== "online" || this.#socket === null) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect(): void {
    this.#enter("connecting");
    const socket = this.#createSocket(this.#options.url);
    this.#socket = socket;
    this.#watch();
    socket.onopen = () => socket.send(JSON.stringify(this.#options.hello()));
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = this.#lose;
  }

  #receive(data: string): void {
    this.#watch();
    const frame = parseServerFrame(data);
    if (frame === null || frame.type === "pong") return;
    if (frame.type === "welcome") {
      this.#attempt = 0;
      this.#phase = "online";
    }
    this.#options.onFrame(frame);
    if (frame.type === "welcome" && this.#phase === "online") this.#options.onPhase("online");
  }

  /** Any frame proves that the line is alive; silence is questioned by a ping, silence after it ends the line. */
  #watch(): void {
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = setTimeout(() => {
      this.send({ type: "ping" });
      this.#heartbeatTimer = setTimeout(this.#lose, HEARTBEAT_ANSWER);
    }, HEARTBEAT);
  }

  readonly #lose = (): void => {
    this.#drop();
    this.#enter("offline");
    const ceiling = Math.min(SLOWEST_RETRY, FIRST_RETRY * 2 ** this.#attempt);
    this.#attempt += 1;
    // Half fixed, half random: customers cut off together do not come back together.
    this.#retryTimer = setTimeout(() => this.#connect(), ceiling * (0.5 + Math.random() / 2));
  };

  readonly #connectNow = (): void => {
    if (this.#phase === "offline") this.restart();
  };

  #drop(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#heartbeatTimer);
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #enter(phase: Phase): void {
    if (this.#phase === phase) return;
    this.#phase = phase;
    this.#options.onPhase(phase);
  }
}
