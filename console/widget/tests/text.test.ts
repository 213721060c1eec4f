import { describe, expect, it } from "vitest";
import { segments, webAddress } from "../src/text";

describe("segments of a text", () => {
  it("finds the markers that have a citation and leaves other brackets alone", () => {
    expect(segments("七天内可退[1]，见附件[2]", new Set([1]))).toEqual([
      { kind: "text", text: "七天内可退" },
      { kind: "citation", index: 1 },
      { kind: "text", text: "，见附件[2]" },
    ]);
  });

  it("ends a link before the punctuation of the sentence", () => {
    expect(segments("见 https://a.example/x?y=1。", new Set())).toEqual([
      { kind: "text", text: "见 " },
      { kind: "link", url: "https://a.example/x?y=1" },
      { kind: "text", text: "。" },
    ]);
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "ftp://a.example"])("makes no link of %s", (text) => {
    expect(segments(text, new Set())).toEqual([{ kind: "text", text }]);
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
