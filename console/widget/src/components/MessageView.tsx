import { formatTime } from "../i18n";
import type { HistoryItem, Rating } from "../protocol";
import type { Draft, Outgoing } from "../store";
import { useChat } from "./context";
import { Icon } from "./Icon";
import { PartView } from "./PartView";
import { RichText } from "./RichText";

interface MessageViewProps {
  item: HistoryItem;
  /** Whether it opens a run of messages of one speaker. */
  first: boolean;
  live: boolean;
}

export function MessageView({ item, first, live }: MessageViewProps) {
  const { strings } = useChat();
  const citations = item.citations ?? [];
  if (item.role === "notice") {
    return (
      <div class="message from-notice">
        {item.parts.map((part) =>
          part.type === "text" ? (
            <p class="notice info">{part.text}</p>
          ) : (
            <PartView part={part} live={live} />
          ),
        )}
      </div>
    );
  }
  const offers = item.parts.filter(({ type }) => type === "quick_replies");
  const statements = item.parts.filter(({ type }) => type !== "quick_replies");
  return (
    <div class={`message from-${item.role}`}>
      <Speaker who={item.role} shown={first} />
      {statements.map((part) => (
        <PartView part={part} citations={citations} live={live} />
      ))}
      {citations.length > 0 && <Sources item={item} />}
      {item.role === "bot" && <Feedback messageId={item.message_id} rating={item.feedback ?? null} />}
      {offers.map((part) => (
        <PartView part={part} live={live} />
      ))}
      <span class="unseen">{strings[item.role]}</span>
    </div>
  );
}

function Speaker({ who, shown }: { who: "customer" | "bot" | "agent"; shown: boolean }) {
  const { strings } = useChat();
  if (who === "customer" || !shown) return null;
  return (
    <div class="speaker" aria-hidden="true">
      <span class="avatar">
        <Icon name={who === "bot" ? "bot" : "human"} />
      </span>
      {strings[who]}
    </div>
  );
}

function Sources({ item }: { item: HistoryItem }) {
  const { openSource, strings } = useChat();
  return (
    <div class="sources">
      <span>{strings.sources}</span>
      {item.citations?.map((citation) => (
        <button type="button" onClick={() => openSource(citation)}>
          <b>{citation.index}</b> {citation.title}
        </button>
      ))}
    </div>
  );
}

function Feedback({ messageId, rating }: { messageId: string; rating: Rating | null }) {
  const { session, strings } = useChat();
  const choice = (value: Rating, label: string) => (
    <button
      type="button"
      class="quiet"
      aria-label={label}
      title={label}
      aria-pressed={rating === value}
      onClick={() => session.rate(messageId, value)}
    >
      <Icon name={value} />
    </button>
  );
  return (
    <div class="feedback">
      {choice("up", strings.helpful)}
      {choice("down", strings.notHelpful)}
      {rating !== null && <small>{strings.rated}</small>}
    </div>
  );
}

export function OutgoingView({ outgoing }: { outgoing: Outgoing }) {
  const { session, strings } = useChat();
  return (
    <div class={`message from-customer ${outgoing.state}`}>
      <div class="bubble">
        <RichText text={outgoing.text} citations={[]} />
      </div>
      {outgoing.state === "pending" ? (
        <small class="delivery">{strings.pending}</small>
      ) : (
        <small class="delivery">
          {strings.notSent}
          <button type="button" class="link" onClick={() => session.retry(outgoing.id)}>
            {strings.retry}
          </button>
          <button type="button" class="link" onClick={() => session.discard(outgoing.id)}>
            {strings.discard}
          </button>
        </small>
      )}
    </div>
  );
}

/** The reply as it grows. Assistive technology hears it once, when it is whole and in the log. */
export function DraftView({ draft }: { draft: Draft }) {
  return (
    <div class="message from-bot draft" aria-hidden="true">
      <Speaker who="bot" shown />
      {draft.text !== "" && (
        <div class="bubble">
          <RichText text={draft.text} citations={[]} />
        </div>
      )}
      {draft.parts.map((part) => (
        <PartView part={part} live={false} />
      ))}
      {draft.text === "" && draft.parts.length === 0 && <TypingDots text={draft.status} />}
    </div>
  );
}

export function TypingDots({ text }: { text: string }) {
  return (
    <div class="bubble typing">
      <span class="dots">
        <i />
        <i />
        <i />
      </span>
      {text}
    </div>
  );
}

export function TimeSeparator({ at }: { at: string }) {
  const { settings } = useChat();
  return (
    <div class="time">
      <time dateTime={at}>{formatTime(at, new Date(), settings.locale)}</time>
    </div>
  );
}
