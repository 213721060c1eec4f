import type { RichPart } from "./protocol";

export type Segment =
  | { kind: "text"; text: string }
  | { kind: "link"; url: string }
  | { kind: "citation"; index: number };

/** A URL ends at white space, quotes, and Chinese or full-width punctuation; `[12]` is a citation marker. */
const TOKEN = /https?:\/\/[^\s<>"'`，。；：！？、）】》」]+|\[(\d{1,3})\]/giu;
const TRAILING_PUNCTUATION = /[.,;:!?)\]]+$/u;

/** Splits a text into plain words, web links, and the markers that have a citation in `cited`. */
export function segments(text: string, cited: ReadonlySet<number>): Segment[] {
  const found: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const segment = asSegment(match, cited);
    if (segment === null) continue;
    if (match.index > from) found.push({ kind: "text", text: text.slice(from, match.index) });
    found.push(segment);
    from = match.index + (segment.kind === "link" ? segment.url.length : match[0].length);
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}

function asSegment(match: RegExpExecArray, cited: ReadonlySet<number>): Segment | null {
  if (match[1] !== undefined) {
    const index = Number(match[1]);
    return cited.has(index) ? { kind: "citation", index } : null;
  }
  const url = match[0].replace(TRAILING_PUNCTUATION, "");
  return URL.canParse(url) ? { kind: "link", url } : null;
}

/** A part that takes more than words to show, in words. */
export function wordsOf(part: RichPart): string {
  switch (part.type) {
    case "card":
      return lines(
        part.title,
        part.subtitle,
        part.status,
        ...(part.fields ?? []).map(({ label, value }) => `${label}：${value}`),
        ...(part.timeline ?? []).map(({ time, text }) => `${time} ${text}`),
        part.url,
      );
    case "form":
      return lines(part.title, ...part.fields.map(({ label }) => label));
    case "image":
      return lines(part.alt, part.url);
    case "file":
      return lines(part.name, part.url);
  }
}

function lines(...texts: (string | null | undefined)[]): string {
  return texts.filter(Boolean).join("\n");
}
