import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection, FIRST_RETRY, HEARTBEAT, HEARTBEAT_ANSWER, type Phase } from "../src/connection";
import type { ServerFrame } from "../src/protocol";
import { FakeServer } from "./support";

let server: FakeServer;
let phases: Phase[];
let frames: ServerFrame[];
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
  server = new FakeServer();
  phases = [];
  frames = [];
  connection = new Connection({
    url: "wss://kefu.example/v1/ws",
    hello: () => ({
      type: "hello",
      key: "pk_test",
      customer_token: null,
      conversation_id: null,
      visitor_id: "v1",
      after: frames.length,
      locale: "zh",
    }),
    onFrame: (frame) => frames.push(frame),
    onPhase: (phase) => phases.push(phase),
    createSocket: server.createSocket,
  });
  connection.start();
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a connection", () => {
  it("says hello first and is online once it is welcomed", () => {
    server.welcome();
    expect(server.socket.sent[0]?.type).toBe("hello");
    expect(phases).toEqual(["connecting", "online"]);
  });

  it("sends nothing before the welcome", () => {
    server.socket.onopen?.();
    expect(connection.send({ type: "ping" })).toBe(false);
  });

  it("doubles its patience with every failure, up to a limit", () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const before = Date.now();
      server.socket.breakOff();
      vi.advanceTimersToNextTimer();
      waits.push(Date.now() - before);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("is patient from the beginning again after a welcome", () => {
    server.socket.breakOff();
    vi.advanceTimersToNextTimer();
    server.socket.breakOff();
    vi.advanceTimersToNextTimer();
    server.welcome();
    server.socket.breakOff();
    vi.advanceTimersByTime(FIRST_RETRY);
    expect(server.sockets).toHaveLength(4);
  });

  it("asks with a new hello for what came since", () => {
    server.welcome();
    server.socket.breakOff();
    vi.advanceTimersByTime(FIRST_RETRY);
    server.socket.onopen?.();
    expect(server.heard("hello").map(({ after }) => after)).toEqual([0, 1]);
  });

  it("tries at once when the network is back", () => {
    server.socket.breakOff();
    dispatchEvent(new Event("online"));
    expect(server.sockets).toHaveLength(2);
  });

  it("questions a silent line and leaves it when there is no answer", () => {
    server.welcome();
    vi.advanceTimersByTime(HEARTBEAT);
    expect(server.heard("ping")).toHaveLength(1);
    vi.advanceTimersByTime(HEARTBEAT_ANSWER);
    expect(server.socket.closed).toBe(true);
    expect(phases.at(-1)).toBe("offline");
  });

  it("gives up an attempt that nobody answers and makes another", () => {
    vi.advanceTimersByTime(HEARTBEAT + HEARTBEAT_ANSWER + FIRST_RETRY);
    expect(server.sockets).toHaveLength(2);
  });

  it("stays on a line that answers", () => {
    server.welcome();
    vi.advanceTimersByTime(HEARTBEAT);
    server.say({ type: "pong" });
    vi.advanceTimersByTime(HEARTBEAT_ANSWER);
    expect(phases.at(-1)).toBe("online");
  });

  it.each(["not json", "null", "{}"])("ignores %s", (data) => {
    server.welcome();
    server.socket.onmessage?.({ data });
    expect(frames.map(({ type }) => type)).toEqual(["welcome"]);
  });
});
