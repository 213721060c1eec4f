import { describe, expect, it } from "vitest";
import type { ServerFrame } from "../src/protocol";
import { type ChatEvent, type ChatState, initialState, type Outgoing, reduce } from "../src/store";
import { type Frame, item, WELCOME } from "./support";

const AT = "2026-11-20T01:00:00.000Z";
const SPOKEN: Outgoing = { id: "u1", text: "到哪了", at: AT, state: "pending" };

function after(...events: ChatEvent[]): ChatState {
  return events.reduce(reduce, initialState(null, []));
}

function received(frame: ServerFrame): ChatEvent {
  return { type: "received", frame, at: AT };
}

function welcome(fields: Partial<Frame<"welcome">> = {}): ChatEvent {
  return received({ ...WELCOME, ...fields });
}

const ACCEPTED: Frame<"accepted"> = {
  type: "accepted",
  client_message_id: "u1",
  message_id: "m1",
  conversation_id: "c1",
  seq: 1,
};

const DONE: Frame<"done"> = {
  type: "done",
  turn_id: "t1",
  seq: 2,
  message_id: "m2",
  answers: ["m1"],
  client_message_ids: ["u1"],
  response: {
    conversation_id: "c1",
    turn_id: "t1",
    reply: "在路上",
    parts: [{ type: "text", text: "在路上" }],
    citations: [],
  },
};

describe("a customer's message", () => {
  it("waits in the outgoing messages until the server has stored it", () => {
    const state = after(welcome(), { type: "spoken", outgoing: SPOKEN });
    expect(state.outgoing).toEqual([SPOKEN]);
    expect(state.items).toEqual([]);
  });

  it("becomes part of the history when it is accepted", () => {
    const state = after(welcome(), { type: "spoken", outgoing: SPOKEN }, received(ACCEPTED));
    expect(state.outgoing).toEqual([]);
    expect(state.items.map(({ message_id, role }) => [message_id, role])).toEqual([["m1", "customer"]]);
  });

  it("is not shown twice when the history of a reconnect already has it", () => {
    const state = after(
      { type: "spoken", outgoing: SPOKEN },
      welcome({ history: [{ ...item(1, "customer", "到哪了"), client_message_id: "u1" }], last_seq: 1 }),
    );
    expect(state.outgoing).toEqual([]);
    expect(state.items).toHaveLength(1);
  });

  it("opens a conversation with the first of them", () => {
    const opened = received({ ...ACCEPTED, conversation_id: "c9" });
    const state = after(welcome({ conversation_id: null }), { type: "spoken", outgoing: SPOKEN }, opened);
    expect(state.conversationId).toBe("c9");
  });

  it("that was stored before waits for the whole history", () => {
    const again = received({ ...ACCEPTED, seq: null });
    const state = after(welcome(), { type: "spoken", outgoing: SPOKEN }, again);
    expect([state.outgoing, state.items, state.lastSeq]).toEqual([[], [], null]);
  });

  it("fails with the problem that the server names", () => {
    const state = after(
      welcome(),
      { type: "spoken", outgoing: SPOKEN },
      received({
        type: "error",
        client_message_id: "u1",
        problem: { status: 429, code: "rate_limited" },
      }),
    );
    expect(state.outgoing[0]?.state).toBe("failed");
    expect(state.alert).toBe("rate_limited");
  });

  it("is pending again when the customer retries it", () => {
    const state = after(
      { type: "spoken", outgoing: SPOKEN },
      { type: "delivery_timed_out" },
      { type: "retried", id: "u1" },
    );
    expect(state.outgoing[0]?.state).toBe("pending");
  });
});

describe("a streamed reply", () => {
  it("grows piece by piece in a draft", () => {
    const state = after(
      welcome(),
      received({ type: "status", turn_id: "t1", text: "正在为您查询…" }),
      received({ type: "delta", turn_id: "t1", text: "在" }),
      received({ type: "delta", turn_id: "t1", text: "路上" }),
    );
    expect(state.draft).toEqual({ turnId: "t1", status: "正在为您查询…", text: "在路上", parts: [] });
  });

  it("is replaced by the whole response, which is the truth", () => {
    const state = after(
      welcome(),
      received({ type: "delta", turn_id: "t1", text: "马上到" }),
      received(DONE),
    );
    expect(state.draft).toBeNull();
    expect(state.items.at(-1)?.parts).toEqual([{ type: "text", text: "在路上" }]);
  });

  it("is kept once when it arrives twice", () => {
    expect(after(welcome(), received(DONE), received(DONE)).items).toHaveLength(1);
  });

  it("has the message's own id, so that it can be rated", () => {
    expect(after(welcome(), received(DONE)).items.at(-1)?.message_id).toBe("m2");
  });

  it("that was given before adds nothing", () => {
    const again = received({ ...DONE, seq: null, message_id: null });
    expect(after(welcome(), received(DONE), again).items).toHaveLength(1);
  });

  it("may put the conversation in a queue", () => {
    const handoff = { ...DONE, response: { ...DONE.response, handoff: { position: 2 } } };
    const state = after(welcome(), received(handoff));
    expect([state.owner, state.position]).toEqual(["queue", 2]);
  });

  it("ends when a human takes over", () => {
    const status = received({ type: "status", turn_id: "t1", text: "正在为您查询…" });
    expect(after(welcome(), status, received({ type: "owner", owner: "agent" })).draft).toBeNull();
  });

  it("is dropped when the line broke while it was being written", () => {
    const state = after(welcome(), received({ type: "delta", turn_id: "t1", text: "在" }), welcome());
    expect(state.draft).toBeNull();
  });
});

describe("the history", () => {
  it("is ordered by seq, whatever the order of arrival", () => {
    const state = after(
      welcome(),
      received({ type: "message", seq: 4, message: item(4, "agent", "您好") }),
      received({ type: "message", seq: 3, message: item(3, "notice", "已转接") }),
    );
    expect(state.items.map(({ seq }) => seq)).toEqual([3, 4]);
    expect(state.lastSeq).toBe(4);
  });

  it("keeps what it knew when the same conversation is resumed", () => {
    const state = after(
      welcome({ history: [item(1, "bot", "您好")], last_seq: 1 }),
      welcome({ history: [item(2, "agent", "我来帮您")], last_seq: 2 }),
    );
    expect(state.items.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("shows a message once, even if it comes again under another seq", () => {
    const state = after(
      welcome({ history: [item(1, "bot", "您好")], last_seq: 1 }),
      received({ type: "message", seq: 2, message: { ...item(2, "bot", "您好"), message_id: "m1" } }),
    );
    expect(state.items).toHaveLength(1);
  });

  it("starts afresh when the server answers with another conversation", () => {
    const state = after(
      welcome({ history: [item(1, "bot", "您好")], last_seq: 1 }),
      welcome({ conversation_id: "c2" }),
    );
    expect(state.items).toEqual([]);
  });

  it("keeps a rating when the message arrives again without one", () => {
    const state = after(
      welcome({ history: [item(1, "bot", "您好")], last_seq: 1 }),
      { type: "rated", messageId: "m1", value: "up" },
      received({ type: "message", seq: 1, message: item(1, "bot", "您好") }),
    );
    expect(state.items[0]?.feedback).toBe("up");
  });
});

describe("the rest of the state", () => {
  it("counts what arrives while the panel is closed, until it is opened", () => {
    const closed = after(welcome(), received({ type: "message", seq: 1, message: item(1, "agent", "在吗") }));
    expect(closed.unread).toBe(1);
    expect(reduce(closed, { type: "opened" }).unread).toBe(0);
  });

  it("knows who serves and the place in the queue", () => {
    const state = after(welcome(), received({ type: "owner", owner: "queue", position: 3 }));
    expect([state.owner, state.position]).toEqual(["queue", 3]);
  });

  it("keeps the place in the queue and the draft when it is told the same owner again", () => {
    const status = received({ type: "status", turn_id: "t1", text: "正在为您查询…" });
    const bot = received({ type: "owner", owner: "bot", position: null });
    expect(after(welcome(), status, bot).draft?.status).toBe("正在为您查询…");
    const queue = received({ type: "owner", owner: "queue", position: 3 });
    const again = received({ type: "owner", owner: "queue", position: null });
    expect(after(welcome(), queue, again).position).toBe(3);
  });

  it("shows the typing of the bot while the bot answers", () => {
    const typing = received({ type: "typing", who: "bot", typing: true });
    expect(after(welcome(), typing).typing).toBe("bot");
    expect(after(welcome({ owner: "agent" }), typing).typing).toBeNull();
  });

  it("does not show customers their own typing", () => {
    expect(after(welcome(), received({ type: "typing", who: "customer", typing: true })).typing).toBeNull();
  });

  it("takes no notice of frames of a newer server", () => {
    const state = after(welcome());
    expect(reduce(state, received({ type: "from_the_future" } as unknown as ServerFrame))).toBe(state);
  });

  it("knows from the welcome that the conversation was resolved", () => {
    expect(after(welcome({ resolved: true })).resolved).toBe(true);
  });

  it("is resolved until the customer speaks again", () => {
    const resolved = after(welcome(), received({ type: "resolved" }));
    expect(resolved.resolved).toBe(true);
    expect(reduce(resolved, { type: "spoken", outgoing: SPOKEN }).resolved).toBe(false);
  });
});
