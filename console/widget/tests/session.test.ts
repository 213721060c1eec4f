import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatSession, MESSAGE_LIMIT } from "../src/session";
import { FakeServer, SETTINGS } from "./support";

let server: FakeServer;
let session: ChatSession;

function openPage(customerToken: string | null = null): void {
  session = new ChatSession(
    { ...SETTINGS, customerToken },
    { createSocket: server.createSocket, random: () => 0 },
  );
}

function reload(): void {
  session.dispose();
  openPage();
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

  it("opens a new conversation when the old one is gone", () => {
    session.open();
    server.welcome({ conversation_id: "c7" });
    reload();
    server.socket.onopen?.();
    server.say({
      type: "error",
      client_message_id: null,
      problem: { status: 404, code: "conversation_not_found" },
    });
    server.socket.onopen?.();
    expect(server.heard("hello").at(-1)?.conversation_id).toBeNull();
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
    const id = session.store.state.outgoing[0]?.id ?? "";
    server.say({ type: "accepted", client_message_id: id, message_id: "m1", seq: 1 });
    reload();
    expect(session.store.state.outgoing).toEqual([]);
  });

  it("counts as failed when the server stays silent, and can be retried under the same id", () => {
    session.open();
    server.welcome();
    session.say("到哪了");
    const id = session.store.state.outgoing[0]?.id ?? "";
    vi.advanceTimersByTime(20_000);
    expect(session.store.state.outgoing[0]?.state).toBe("failed");
    session.retry(id);
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
    session.requestHuman();
    expect(server.heard("handoff")).toHaveLength(1);
  });

  it("a human is asked for by a message when the line broke before the answer", () => {
    session.open();
    server.welcome();
    session.requestHuman();
    server.socket.breakOff();
    vi.advanceTimersByTime(500);
    server.welcome();
    expect(server.heard("message").map(({ message }) => message)).toEqual(["转人工"]);
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
