import type { ClientFrame, HistoryItem, ServerFrame } from "../src/protocol";
import type { Settings } from "../src/settings";

export type Frame<T extends ServerFrame["type"]> = Extract<ServerFrame, { type: T }>;

export const WELCOME: Frame<"welcome"> = {
  type: "welcome",
  conversation_id: "c1",
  owner: "bot",
  resolved: false,
  history: [],
  last_seq: 0,
};

/** The far end of the line: sockets open when told to, and say what the test makes the server say. */
export class FakeServer {
  readonly sockets: FakeSocket[] = [];

  readonly createSocket = (url: string): WebSocket => {
    const socket = new FakeSocket(url);
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("nobody has connected");
    return socket;
  }

  /** Accepts the newest connection and welcomes it. */
  welcome(frame: Partial<Frame<"welcome">> = {}): void {
    this.socket.onopen?.();
    this.say({ ...WELCOME, ...frame });
  }

  /** Says that the newest message heard is stored. */
  accept(frame: Partial<Frame<"accepted">> = {}): void {
    const id = this.heard("message").at(-1)?.client_message_id ?? null;
    this.say({
      type: "accepted",
      client_message_id: id,
      message_id: `of ${id}`,
      conversation_id: "c1",
      seq: 1,
      ...frame,
    });
  }

  say(frame: ServerFrame): void {
    this.socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** Frames of one type that came over all connections. */
  heard<T extends ClientFrame["type"]>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sockets
      .flatMap(({ sent }) => sent)
      .filter((frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type);
  }
}

export class FakeSocket {
  readonly url: string;
  readonly sent: ClientFrame[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closed = true;
  }

  /** The connection breaks. */
  breakOff(code = 1006): void {
    this.onclose?.({ code });
  }
}

export function item(seq: number, role: HistoryItem["role"], text: string): HistoryItem {
  return {
    seq,
    message_id: `m${seq}`,
    role,
    at: "2026-11-20T09:00:00+08:00",
    parts: [{ type: "text", text }],
    citations: [],
    feedback: null,
    client_message_id: null,
  };
}

export const SETTINGS: Settings = {
  origin: "https://kefu.example",
  key: "pk_test",
  customerToken: null,
  locale: "zh",
  suggestions: [],
  open: false,
};
