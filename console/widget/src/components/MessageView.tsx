import { h } from "preact";
import type { Chat } from "../chat";
import { formatTime } from "../i18n";
import { BOT, HUMAN, THUMB } from "../icons";
import type { HistoryItem, Rating } from "../protocol";
import type { Draft, Outgoing } from "../store";
import { Icon, IconButton } from "./Icon";
import { Lazy } from "./Lazy";
import { PartView } from "./PartView";
import { RichText } from "./RichText";

interface MessageViewProps {
  chat: Chat;
  item: HistoryItem;
  /** Whether it opens a run of messages of one speaker. */
  first: boolean;
  live: boolean;
}

export function MessageView({ chat, item, first, live }: MessageViewProps) {
  const { citations, message_id, parts, role } = item;
  const show = (part: (typeof parts)[number]) => (
    <PartView chat={chat} part={part} citations={citations} live={live} />
  );
  if (role === "notice") {
    return (
      <div class="message from-notice">
        {parts.map((part) => (part.type === "text" ? <p class="notice">{part.text}</p> : show(part)))}
      </div>
    );
  }
  return (
    <div class={`message from-${role}`}>
      {first && role !== "customer" && <Speaker chat={chat} who={role} />}
      {parts.filter(({ type }) => type !== "quick_replies").map(show)}
      {citations && citations.length > 0 && (
        <Lazy chat={chat} show={(more) => <more.Sources chat={chat} citations={citations} />}>
          <small>{citations.map(({ index, title }) => `[${index}] ${title} `)}</small>
        </Lazy>
      )}
      {role === "bot" && <Feedback chat={chat} messageId={message_id} rating={item.feedback} />}
      {parts.filter(({ type }) => type === "quick_replies").map(show)}
      <span class="unseen">{chat.strings[role]}</span>
    </div>
  );
}

function Speaker({ chat, who }: { chat: Chat; who: "bot" | "agent" }) {
  return (
    <small class="speaker row" aria-hidden="true">
      <span class="avatar">
        <Icon path={who === "bot" ? BOT : HUMAN} />
      </span>
      {chat.strings[who]}
    </small>
  );
}

interface FeedbackProps {
  chat: Chat;
  messageId: string;
  rating: Rating | null | undefined;
}

function Feedback({ chat: { session, strings }, messageId, rating }: FeedbackProps) {
  const choice = (value: Rating, label: string) => (
    <IconButton
      class="quiet"
      label={label}
      path={THUMB}
      aria-pressed={rating === value}
      onClick={() => session.rate(messageId, value)}
    />
  );
  return (
    <small class="feedback row">
      {choice("up", strings.helpful)}
      {choice("down", strings.unhelpful)}
      {rating && strings.rated}
    </small>
  );
}

export function OutgoingView({ chat, outgoing }: { chat: Chat; outgoing: Outgoing }) {
  const { session, strings } = chat;
  const { id, state, text } = outgoing;
  return (
    <div class={`message from-customer ${state}`}>
      <RichText text={text} />
      {state === "pending" ? (
        <small>{strings.pending}</small>
      ) : (
        <small>
          {strings.unsent}
          <button type="button" class="link" onClick={() => session.retry(outgoing)}>
            {strings.retry}
          </button>
          <button type="button" class="link" onClick={() => session.discard(id)}>
            {strings.discard}
          </button>
        </small>
      )}
    </div>
  );
}

/** The reply as it grows. Assistive technology hears it once, when it is whole and in the log. */
export function DraftView({ chat, draft: { parts, status, text } }: { chat: Chat; draft: Draft }) {
  return (
    <div class="message from-bot" aria-hidden="true">
      <Speaker chat={chat} who="bot" />
      {text && <RichText text={text} />}
      {parts.map((part) => (
        <PartView chat={chat} part={part} live={false} />
      ))}
      {!text && parts.length === 0 && <TypingDots text={status} />}
    </div>
  );
}

export function TypingDots({ text }: { text?: string }) {
  return (
    <div class="bubble row">
      <span class="dots row">
        <i />
        <i />
        <i />
      </span>
      {text}
    </div>
  );
}

export function TimeSeparator({ chat, at }: { chat: Chat; at: string }) {
  return (
    <small class="time">
      <time dateTime={at}>{formatTime(at, new Date(), chat.settings.locale)}</time>
    </small>
  );
}
