import type { Citation } from "../protocol";
import { segments } from "../text";
import { useChat } from "./context";

/** A text with its web links and citation markers live; all else in it stays text. */
export function RichText({ text, citations }: { text: string; citations: readonly Citation[] }) {
  const { openSource, strings } = useChat();
  const byIndex = new Map(citations.map((citation) => [citation.index, citation]));
  return (
    <p class="text">
      {segments(text, new Set(byIndex.keys())).map((segment) => {
        if (segment.kind === "text") return segment.text;
        if (segment.kind === "link") {
          return (
            <a href={segment.url} target="_blank" rel="noopener noreferrer nofollow">
              {segment.url}
            </a>
          );
        }
        const citation = byIndex.get(segment.index);
        return citation === undefined ? null : (
          <button
            type="button"
            class="marker"
            aria-label={strings.openSource(citation.index, citation.title)}
            onClick={() => openSource(citation)}
          >
            {citation.index}
          </button>
        );
      })}
    </p>
  );
}
