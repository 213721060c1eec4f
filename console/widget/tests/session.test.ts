import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServerFrame } from "../src/protocol";
import { ChatSession, MESSAGE_LIMIT } from "../src/session";
import { FakeServer, item, SETTINGS } from "./support";

let server: FakeServer;
let session: ChatSession;

function openPage(customerToken: string | null = null): void {
  session = new ChatSession(
    { ...SETTINGS, customerToken },
    { createSocket: server.createSocket, loadMore: () => import("../src/more") },
  );
}

function reload(): void {
  session.dispose();
  openPage();
}

function problem(status: number): ServerFrame {
  return { type: "error", client_message_id: null, problem: { status, code: "unknown" } };
}

function token(subject: string): string {
  return `e30.${btoa(JSON.stringify({ sub: subject }))}.signature`;
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  server = new FakeServer();
  openPage();
});

afterEach(() => {
  session.dispose();
  vi.useRealTimers();
});

describe("connecting", () => {
  it("waits until the customer opens the panel", () => {
    expect(server.sockets).toHaveLength(0);
    session.open();
    expect(server.socket.url).toBe("wss://kefu.example/v1/ws");
  });

  it("resumes the conversation after a reload", () => {
    session.open();
    server.welcome({ conversation_id: "c7" });
    reload();
    server.socket.onopen?.();
    expect(server.heard("hello").at(-1)).toMatchObject({ conversation_id: "c7", after: null });
  });

  it("keeps the visitor's id over reloads", () => {
    session.open();
    server.welcome();
    reload();
    server.socket.onopen?.();
    const ids = server.heard("hello").map(({ visitor_id }) => visitor_id);
    expect(new Set(ids).size).toBe(1);
  });

  it("forgets a conversation that the server does not know", () => {
    session.open();
    server.welcome({ conversation_id: "c7" });
    reload();
    server.welcome({ conversation_id: null });
    reload();
    expect(session.store.state.conversationId).toBeNull();
  });

  it("says in which language the customer reads", () => {
    session.open();
    server.welcome();
    expect(server.heard("hello")[0]?.locale).toBe("zh");
  });

  it("stops when the server refuses the key", () => {
    session.open();
    server.socket.onopen?.();
    server.say(problem(401));
    vi.advanceTimersByTime(60_000);
    expect(session.store.state.phase).toBe("refused");
    expect(server.sockets).toHaveLength(1);
  });

  it("tries again when the server has trouble of its own", () => {
    session.open();
    server.socket.onopen?.();
    server.say(problem(503));
    server.socket.breakOff(1008);
    vi.advanceTimersByTime(60_000);
    expect(server.sockets.length).toBeGreaterThan(1);
  });

  it("does not hand one customer's conversation to the next on the same device", () => {
    session.dispose();
    openPage(token("C1"));
    session.open();
    server.welcome({ conversation_id: "c1" });
    session.say("我的地址是…");
    session.dispose();
    openPage(token("C2"));
    expect(session.store.state.conversationId).toBeNull();
    expect(session.store.state.outgoing).toEqual([]);
  });
});

describe("a message", () => {
  it("goes out when the connection is up", () => {
    session.open();
    server.welcome();
    session.say("  到哪了  ");
    expect(server.heard("message").map(({ message }) => message)).toEqual(["到哪了"]);
  });

  it("written offline is sent after the welcome, under the same id", () => {
    session.open();
    session.say("到哪了");
    const [outgoing] = session.store.state.outgoing;
    server.welcome();
    expect(server.heard("message").map((frame) => frame.client_message_id)).toEqual([outgoing?.id]);
  });

  it("survives a reload until the server has stored it", () => {
    session.open();
    server.welcome();
    session.say("到哪了");
    const [outgoing] = session.store.state.outgoing;
    reload();
    server.welcome();
    const ids = server.heard("message").map((frame) => frame.client_message_id);
    expect(ids).toEqual([outgoing?.id, outgoing?.id]);
  });

  it("is forgotten by the browser once the server has stored it", () => {
    session.open();
    server.welcome();
    session.say("到哪了");
    server.accept();
    reload();
    expect(session.store.state.outgoing).toEqual([]);
  });

  it("opens the conversation that is resumed from then on", () => {
    session.open();
    server.welcome({ conversation_id: null });
    session.say("到哪了");
    server.accept({ conversation_id: "c9" });
    reload();
    server.socket.onopen?.();
    expect(server.heard("hello").at(-1)?.conversation_id).toBe("c9");
  });

  it("that was stored before comes back with the whole history", () => {
    session.open();
    server.welcome({ conversation_id: null });
    session.say("到哪了");
    const id = session.store.state.outgoing[0]?.id ?? "";
    server.accept({ conversation_id: "c9", seq: null });
    server.socket.onopen?.();
    expect(server.heard("hello").at(-1)).toMatchObject({ conversation_id: "c9", after: null });
    const stored = { ...item(2, "customer", "到哪了"), client_message_id: id };
    server.welcome({ conversation_id: "c9", history: [stored, item(3, "bot", "在路上")], last_seq: 3 });
    expect(session.store.state.items.map(({ seq }) => seq)).toEqual([2, 3]);
    expect(server.heard("message")).toHaveLength(1);
  });

  it("counts as failed when the server stays silent, and can be retried under the same id", () => {
    session.open();
    server.welcome();
    session.say("到哪了");
    const id = session.store.state.outgoing[0]?.id ?? "";
    vi.advanceTimersByTime(20_000);
    expect(session.store.state.outgoing[0]?.state).toBe("failed");
    for (const outgoing of session.store.state.outgoing) session.retry(outgoing);
    expect(server.heard("message").map((frame) => frame.client_message_id)).toEqual([id, id]);
  });

  it.each(["", "   ", "长".repeat(MESSAGE_LIMIT + 1)])("of no or too many words is not taken", (text) => {
    session.open();
    session.say(text);
    expect(session.store.state.outgoing).toEqual([]);
  });
});

describe("the customer's other wishes", () => {
  it("a human is asked for by a frame of its own", () => {
    session.open();
    server.welcome();
    session.say("转人工", { handoff: true });
    expect(server.heard("handoff")).toHaveLength(1);
  });

  it("a human is asked for again, under the same id, when the line broke before the answer", () => {
    session.open();
    server.welcome();
    session.say("转人工", { handoff: true });
    server.socket.breakOff();
    vi.advanceTimersByTime(500);
    server.welcome();
    const [first, again] = server.heard("handoff");
    expect(again).toEqual(first);
  });

  it("a rating given offline is sent later", () => {
    session.open();
    session.rate("m1", "down");
    server.welcome();
    expect(server.heard("feedback")).toEqual([{ type: "feedback", message_id: "m1", value: "down" }]);
  });

  it("typing is told once, and its end once", () => {
    session.open();
    server.welcome();
    session.writing();
    session.writing();
    vi.advanceTimersByTime(4_000);
    expect(server.heard("typing").map(({ typing }) => typing)).toEqual([true, false]);
  });

  it("a new conversation leaves the old one behind", () => {
    session.open();
    server.welcome({ conversation_id: "c7" });
    session.startOver();
    server.socket.onopen?.();
    expect(server.heard("hello").at(-1)).toMatchObject({ conversation_id: null, after: null });
  });
});
