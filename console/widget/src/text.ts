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

/** The address when it is a web address (relative ones count from `base`), else null: no `javascript:`, no `data:`. */
export function webAddress(url: string | null | undefined, base: string): string | null {
  if (!url || !URL.canParse(url, base)) return null;
  const parsed = new URL(url, base);
  return parsed.protocol === "http:" || parsed.protocol === "https:" ? parsed.href : null;
}
