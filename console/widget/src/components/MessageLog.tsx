import { Fragment } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { HistoryItem } from "../protocol";
import type { ChatState } from "../store";
import { useChat } from "./context";
import { DraftView, MessageView, OutgoingView, TimeSeparator, TypingDots } from "./MessageView";
import { QuickReplies } from "./QuickReplies";

/** Milliseconds of silence after which the time is worth showing. */
const PAUSE = 5 * 60_000;
/** Pixels from the end within which a reader counts as following. */
const FOLLOWING = 80;

export function MessageLog({ state }: { state: ChatState }) {
  const { session, settings, strings } = useChat();
  const { items, outgoing, drafts, typing } = state;
  const { viewport, behind, follow, noticeScroll } = useFollowing(state);
  const untouched = items.length === 0 && outgoing.length === 0;
  return (
    <div class="scroller">
      <section
        class="viewport"
        ref={viewport}
        onScroll={noticeScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label={strings.log}
      >
        <div role="log" aria-live="polite" aria-label={strings.log}>
          <div class="message from-bot">
            <div class="bubble">
              <p class="text">{settings.greeting ?? strings.greeting}</p>
            </div>
          </div>
          {items.map((item, index) => (
            <Fragment key={item.message_id}>
              {pausedBefore(items, index) && <TimeSeparator at={item.at} />}
              <MessageView
                item={item}
                first={items[index - 1]?.role !== item.role}
                live={index === items.length - 1 && outgoing.length === 0}
              />
            </Fragment>
          ))}
          {outgoing.map((message) => (
            <OutgoingView key={message.id} outgoing={message} />
          ))}
        </div>
        {untouched && settings.suggestions.length > 0 && (
          <div class="suggestions">
            <QuickReplies
              label={strings.suggestions}
              options={settings.suggestions.map((text) => ({ label: text, message: text }))}
            />
          </div>
        )}
        {drafts.map((draft) => (
          <DraftView key={draft.turnId} draft={draft} />
        ))}
        {typing !== null && drafts.length === 0 && (
          <div class={`message from-${typing}`} aria-hidden="true">
            <TypingDots text="" />
          </div>
        )}
        <p class="unseen" role="status">
          {drafts.find((draft) => draft.status !== "")?.status ??
            (typing === null ? "" : typing === "bot" ? strings.botTyping : strings.agentTyping)}
        </p>
        {state.resolved && (
          <div class="ended">
            <span>{strings.conversationEnded}</span>
            <button type="button" class="primary" onClick={() => session.startOver()}>
              {strings.newConversation}
            </button>
          </div>
        )}
      </section>
      {behind && (
        <button type="button" class="jump" onClick={follow}>
          {strings.newMessages} ↓
        </button>
      )}
    </div>
  );
}

function pausedBefore(items: readonly HistoryItem[], index: number): boolean {
  const item = items[index];
  const before = items[index - 1];
  if (item === undefined) return false;
  return before === undefined || Date.parse(item.at) - Date.parse(before.at) > PAUSE;
}

/** Keeps the newest message in view for a reader who is at the end, and leaves one who reads back alone. */
function useFollowing(state: ChatState) {
  const viewport = useRef<HTMLElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);
  const { items, outgoing, drafts, typing, open, resolved } = state;
  const spoken = useRef(outgoing.length);

  const follow = () => {
    following.current = true;
    setBehind(false);
    viewport.current?.scrollTo({ top: viewport.current.scrollHeight });
  };

  const noticeScroll = () => {
    const element = viewport.current;
    if (element === null) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < FOLLOWING;
    if (following.current) setBehind(false);
  };

  useLayoutEffect(() => {
    const justSpoke = outgoing.length > spoken.current;
    spoken.current = outgoing.length;
    if (following.current || justSpoke) follow();
    else setBehind(true);
  }, [items, outgoing, drafts, typing, open, resolved]);

  return { viewport, behind, follow, noticeScroll };
}
