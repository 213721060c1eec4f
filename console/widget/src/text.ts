import type { RichPart } from "./protocol";

/** A link ends at white space, quotes, and Chinese punctuation, and before punctuation that ends a sentence. */
const LINK = /(https?:\/\/[^\s<>"'`，。；：！？、）】》」]+(?<![.,;:!?)\]]))/iu;

/** Plain words at the even places, web links at the odd ones. */
export function splitLinks(text: string): string[] {
  return text.split(LINK);
}

/** What the parts that take more than words to show have of words. */
interface Words {
  title?: string;
  subtitle?: string | null;
  status?: string | null;
  alt?: string;
  name?: string;
  fields?: { label: string; value?: string }[];
  timeline?: { time: string; text: string }[];
  url?: string | null;
}

/** A part that takes more than words to show, in words. */
export function wordsOf(part: RichPart): string {
  const { alt, fields = [], name, status, subtitle, timeline = [], title, url }: Words = part;
  const answers = fields.map(({ label, value }) => (value ? `${label}：${value}` : label));
  const steps = timeline.map(({ time, text }) => `${time} ${text}`);
  return [title, subtitle, status, alt, name, ...answers, ...steps, url].filter(Boolean).join("\n");
}
