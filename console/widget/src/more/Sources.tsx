import { h } from "preact";
import type { Chat } from "../chat";
import { linked } from "../components/RichText";
import type { Citation } from "../protocol";
import { openSource } from "./SourceDialog";
import { stringsFor } from "./strings";

interface CitedTextProps {
  chat: Chat;
  text: string;
  citations: readonly Citation[];
}

/** A text whose markers, such as `[1]`, open what they stand for. */
export function CitedText({ chat, text, citations }: CitedTextProps) {
  const { source } = stringsFor(chat.settings.locale);
  const byMarker = new Map(citations.map((citation) => [`[${citation.index}]`, citation]));
  return (
    <div class="bubble">
      <p class="text">
        {text.split(/(\[\d+\])/).map((piece) => {
          const citation = byMarker.get(piece);
          if (citation === undefined) return linked(piece);
          return (
            <button
              type="button"
              class="marker"
              aria-label={`${source} ${citation.index} ${citation.title}`}
              onClick={(event) => openSource(chat, citation, event.currentTarget)}
            >
              {citation.index}
            </button>
          );
        })}
      </p>
    </div>
  );
}

export function Sources({ chat, citations }: { chat: Chat; citations: readonly Citation[] }) {
  return (
    <small class="sources row">
      {stringsFor(chat.settings.locale).source}
      {citations.map((citation) => (
        <button type="button" onClick={(event) => openSource(chat, citation, event.currentTarget)}>
          <b>{citation.index}</b> {citation.title}
        </button>
      ))}
    </small>
  );
}
