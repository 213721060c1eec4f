import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as more from "../src/more";
import type { LoadMore } from "../src/more-loader";
import { type MountedWidget, mount } from "../src/mount";
import type { Settings } from "../src/settings";
import { FakeServer, item, SETTINGS } from "./support";

let server: FakeServer;
let widget: MountedWidget;

async function show(settings: Partial<Settings> = {}, loadMore: LoadMore = loaded): Promise<void> {
  await act(() => {
    widget = mount({ ...SETTINGS, ...settings }, { createSocket: server.createSocket, loadMore });
  });
}

const loaded: LoadMore = () => Promise.resolve(more);
const lost: LoadMore = () => Promise.reject(new Error("offline"));

function find<T extends Element = HTMLElement>(selector: string): T {
  const element = widget.root.querySelector<T>(selector);
  if (element === null) throw new Error(`nothing matches ${selector}`);
  return element;
}

/** What the server says, and what the widget fetches because of it. */
async function hear(speak: () => void): Promise<void> {
  await act(speak);
  await act(() => new Promise<void>((resolve) => setTimeout(resolve)));
}

async function click(selector: string): Promise<void> {
  await act(() => find(selector).click());
}

async function openWith(...history: ReturnType<typeof item>[]): Promise<void> {
  await click(".launcher");
  await hear(() => server.welcome({ history, last_seq: history.length }));
}

async function write(text: string): Promise<void> {
  await act(() => {
    const input = find<HTMLTextAreaElement>(".composer textarea");
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function press(key: string, options: KeyboardEventInit = {}): Promise<void> {
  await act(() => {
    find(".composer textarea").dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }),
    );
  });
}

const sent = () => server.heard("message").map(({ message }) => message);

beforeEach(() => {
  localStorage.clear();
  server = new FakeServer();
});

afterEach(() => widget.remove());

describe("the panel", () => {
  it("is a labelled dialog with a live log", async () => {
    await show();
    await openWith();
    expect(find(".panel").getAttribute("role")).toBe("dialog");
    expect(find("[role=log]").getAttribute("aria-live")).toBe("polite");
  });

  it("takes the focus into the message field when it opens", async () => {
    await show();
    find(".launcher").focus();
    await openWith();
    expect(widget.root.activeElement).toBe(find(".composer textarea"));
  });

  it("closes on Escape", async () => {
    await show();
    await openWith();
    await press("Escape");
    expect(find<HTMLElement>(".panel").hidden).toBe(true);
  });

  it("speaks English where the shop does", async () => {
    await show({ locale: "en" });
    expect(find(".launcher").getAttribute("aria-label")).toBe("Customer service");
  });

  it("offers the suggested questions until something was said", async () => {
    await show({ suggestions: ["怎么退货"] });
    await openWith();
    await click(".suggestions button");
    expect(sent()).toEqual(["怎么退货"]);
    expect(widget.root.querySelector(".suggestions")).toBeNull();
  });
});

describe("writing", () => {
  beforeEach(async () => {
    await show();
    await openWith();
    await write("到哪了");
  });

  it("sends on Enter", async () => {
    await press("Enter");
    expect(sent()).toEqual(["到哪了"]);
  });

  it("does not send on Shift+Enter", async () => {
    await press("Enter", { shiftKey: true });
    expect(sent()).toEqual([]);
  });

  it("does not send while an input method composes", async () => {
    await press("Enter", { isComposing: true });
    expect(sent()).toEqual([]);
  });

  it("says by how much a message is too long", async () => {
    await write("长".repeat(4002));
    expect(find("#counter").textContent).toBe("超出 2 字");
    await press("Enter");
    expect(sent()).toEqual([]);
  });
});

describe("a message", () => {
  it("is shown as text, however hostile", async () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await show();
    await openWith(item(1, "bot", hostile));
    expect(find(".messages, [role=log]").textContent).toContain(hostile);
    expect(widget.root.querySelector("[role=log] img, [role=log] script")).toBeNull();
  });

  it("of the bot can be rated", async () => {
    await show();
    await openWith(item(1, "bot", "您好"));
    await click(".feedback button");
    expect(server.heard("feedback")).toEqual([{ type: "feedback", message_id: "m1", value: "up" }]);
    expect(find(".feedback button").getAttribute("aria-pressed")).toBe("true");
  });

  it("that failed can be retried", async () => {
    await show();
    await openWith();
    await write("到哪了");
    await press("Enter");
    const id = server.heard("message")[0]?.client_message_id ?? "";
    await act(() =>
      server.say({ type: "error", client_message_id: id, problem: { status: 503, code: "busy" } }),
    );
    await click(".failed .link");
    expect(server.heard("message").map((frame) => frame.client_message_id)).toEqual([id, id]);
  });

  it("opens the source behind a marker", async () => {
    await show();
    await openWith({
      ...item(1, "bot", "七天内可退[1]"),
      citations: [{ index: 1, passage_id: "p1", source: "operation:orders.get", title: "订单" }],
    });
    await click(".bubble .marker");
    expect(find("dialog.source h2").textContent).toBe("订单");
    await click("dialog.source .quiet");
    expect(widget.root.querySelector("dialog")).toBeNull();
  });

  it("offers quick replies only while it is the last", async () => {
    const offer = {
      ...item(1, "bot", "要退货吗"),
      parts: [{ type: "quick_replies" as const, options: [{ label: "要", message: "我要退货" }] }],
    };
    await show();
    await openWith(offer);
    await click(".replies button");
    expect(sent()).toEqual(["我要退货"]);
    expect(widget.root.querySelector(".replies")).toBeNull();
  });

  it("that asks by a form is answered with one line per field", async () => {
    await show();
    await openWith({
      ...item(1, "bot", ""),
      parts: [
        {
          type: "form",
          title: "联系方式",
          submit: "提交",
          fields: [{ name: "tel", label: "手机号", type: "tel", required: true }],
        },
      ],
    });
    find<HTMLInputElement>(".form input").value = "13800000000";
    await click(".form button");
    expect(sent()).toEqual(["手机号：13800000000"]);
  });
});

describe("without the second script", () => {
  it("a card is shown in words, and its actions work", async () => {
    await show({}, lost);
    await openWith({
      ...item(1, "bot", ""),
      parts: [
        {
          type: "card",
          kind: "order",
          title: "冲牙器",
          status: "运输中",
          actions: [{ label: "催一催", message: "帮我催一下" }],
        },
      ],
    });
    expect(find("[role=log]").textContent).toContain("冲牙器\n运输中");
    await click(".replies button");
    expect(sent()).toEqual(["帮我催一下"]);
  });

  it("a citation is a number in the text and a title under it", async () => {
    await show({}, lost);
    await openWith({
      ...item(1, "bot", "七天内可退[1]"),
      citations: [{ index: 1, passage_id: "p1", source: "faq:F012", title: "退货" }],
    });
    expect(find("[role=log]").textContent).toContain("七天内可退[1]");
    expect(find("[role=log]").textContent).toContain("[1] 退货");
  });
});

describe("the second script", () => {
  it("is not fetched for a plain chat", async () => {
    const load = vi.fn(loaded);
    await show({}, load);
    await openWith(item(1, "bot", "您好"));
    expect(load).not.toHaveBeenCalled();
  });

  it("is tried again for the next message that needs it", async () => {
    const load = vi.fn(loaded).mockRejectedValueOnce(new Error("offline"));
    const photo = (seq: number) => ({
      ...item(seq, "bot", ""),
      parts: [{ type: "image" as const, url: "/p.png", alt: "照片" }],
    });
    await show({}, load);
    await openWith(photo(1));
    expect(widget.root.querySelector("img")).toBeNull();
    await hear(() => server.say({ type: "message", seq: 2, message: photo(2) }));
    expect(load).toHaveBeenCalledTimes(2);
    expect(find("img").getAttribute("alt")).toBe("照片");
  });
});

describe("a panel that covers the page", () => {
  beforeEach(async () => {
    vi.spyOn(globalThis, "matchMedia").mockImplementation(
      (query) =>
        Object.assign(new EventTarget(), { matches: query.startsWith("(max-width") }) as MediaQueryList,
    );
    await show();
    await openWith();
    await write("到哪了");
  });

  afterEach(() => vi.restoreAllMocks());

  it.each([
    ["Tab", ".send", ".human", false],
    ["Shift+Tab", ".human", ".send", true],
  ])("keeps the focus on %s", async (_, from, to, shiftKey) => {
    find(from).focus();
    await act(() => {
      find(from).dispatchEvent(new KeyboardEvent("keydown", { key: "Tab", shiftKey, bubbles: true }));
    });
    expect(widget.root.activeElement).toBe(find(to));
  });
});

describe("the way to a human", () => {
  it("is always there", async () => {
    await show();
    await openWith();
    await click(".human");
    expect(server.heard("handoff")).toHaveLength(1);
  });

  it("shows the place in the queue", async () => {
    await show();
    await openWith();
    await act(() => server.say({ type: "owner", owner: "queue", position: 2 }));
    expect(find(".banner").textContent).toContain("第 2 位");
  });
});
