import { describe, expect, it } from "vitest";
import { formatBytes, webAddress } from "../src/more/format";
import { splitLinks, wordsOf } from "../src/text";

describe("a text", () => {
  it("ends a link before the punctuation of the sentence", () => {
    expect(splitLinks("见 https://a.example/x?y=1。")).toEqual(["见 ", "https://a.example/x?y=1", "。"]);
    expect(splitLinks("see https://a.example/x).")).toEqual(["see ", "https://a.example/x", ")."]);
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "ftp://a.example"])("makes no link of %s", (text) => {
    expect(splitLinks(text)).toEqual([text]);
  });
});

describe("a rich part in words", () => {
  it("says what a card says", () => {
    const words = wordsOf({
      type: "card",
      kind: "parcel",
      title: "冲牙器",
      subtitle: null,
      status: "运输中",
      fields: [{ label: "快递", value: "中通" }],
      timeline: [{ time: "11-20", text: "已发出" }],
    });
    expect(words).toBe("冲牙器\n运输中\n快递：中通\n11-20 已发出");
  });

  it("asks what a form asks", () => {
    const field = { name: "tel", label: "手机号", type: "tel" as const };
    expect(wordsOf({ type: "form", title: "联系方式", fields: [field], submit: "提交" })).toBe(
      "联系方式\n手机号",
    );
  });
});

describe("a web address", () => {
  it("may be relative to the server", () => {
    expect(webAddress("/files/1.png", "https://kefu.example")).toBe("https://kefu.example/files/1.png");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "", null])("is not %s", (url) => {
    expect(webAddress(url, "https://kefu.example")).toBeNull();
  });
});

describe("a file's size", () => {
  it.each([
    [1, "1 kB"],
    [48_200, "48 kB"],
    [2_340_000, "2.3 MB"],
  ])("of %i bytes is %s", (size, text) => {
    expect(formatBytes(size)).toBe(text);
  });
});
