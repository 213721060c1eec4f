import { Component, createRef, Fragment, h } from "preact";
import type { Chat } from "../chat";
import type { HistoryItem } from "../protocol";
import type { ChatState } from "../store";
import { DraftView, MessageView, OutgoingView, TimeSeparator, TypingDots } from "./MessageView";
import { QuickReplies } from "./QuickReplies";
import { RichText } from "./RichText";

/** Milliseconds of silence after which the time is worth showing. */
const PAUSE = 5 * 60_000;
/** Pixels from the end within which a reader counts as following. */
const FOLLOWING = 80;

interface MessageLogProps {
  chat: Chat;
  state: ChatState;
}

/** Keeps the newest message in view for a reader who is at the end, and leaves one who reads back alone. */
export class MessageLog extends Component<MessageLogProps, { behind: boolean }> {
  override state = { behind: false };
  readonly #viewport = createRef<HTMLElement>();
  readonly #resized = new ResizeObserver(() => this.#following && this.#follow());
  #following = true;
  #top = 0;

  override componentDidMount(): void {
    const viewport = this.#viewport.current;
    for (const sized of [viewport, viewport?.firstElementChild]) if (sized) this.#resized.observe(sized);
  }

  override componentDidUpdate({ state: before }: MessageLogProps): void {
    const { draft, items, outgoing } = this.props.state;
    if (outgoing.length > before.outgoing.length) this.#follow();
    else if (!this.#following && (items !== before.items || draft !== before.draft)) this.#setBehind(true);
  }

  override render({ chat, state }: MessageLogProps) {
    const { session, settings, strings } = chat;
    const { draft, items, outgoing, typing } = state;
    const untouched = items.length + outgoing.length === 0;
    return (
      <div class="scroller">
        <section
          class="viewport"
          ref={this.#viewport}
          onScroll={this.#noticeScroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          aria-label={strings.log}
        >
          <div>
            <div role="log" aria-live="polite">
              <div class="message from-bot">
                <RichText text={settings.greeting || strings.greeting} />
              </div>
              {items.map((item, index) => (
                <Fragment key={item.message_id}>
                  {pausedBefore(items, index) && <TimeSeparator chat={chat} at={item.at} />}
                  <MessageView
                    chat={chat}
                    item={item}
                    first={items[index - 1]?.role !== item.role}
                    live={index === items.length - 1 && outgoing.length === 0}
                  />
                </Fragment>
              ))}
              {outgoing.map((message) => (
                <OutgoingView key={message.id} chat={chat} outgoing={message} />
              ))}
            </div>
            {untouched && (
              <div class="suggestions">
                <QuickReplies
                  chat={chat}
                  label={strings.replies}
                  options={settings.suggestions.map((text) => ({ label: text, message: text }))}
                />
              </div>
            )}
            {draft && <DraftView chat={chat} draft={draft} />}
            {typing && !draft && (
              <div class={`message from-${typing}`} aria-hidden="true">
                <TypingDots />
              </div>
            )}
            <p class="unseen" role="status">
              {draft?.status || (typing && strings.typing)}
            </p>
            {state.resolved && (
              <div class="ended row">
                {strings.ended}
                <button type="button" class="primary" onClick={() => session.startOver()}>
                  {strings.newConversation}
                </button>
              </div>
            )}
          </div>
        </section>
        {this.state.behind && (
          <button type="button" class="jump" onClick={this.#follow}>
            {strings.news} ↓
          </button>
        )}
      </div>
    );
  }

  readonly #follow = (): void => {
    const viewport = this.#viewport.current;
    viewport?.scrollTo(0, viewport.scrollHeight);
    this.#following = true;
    this.#setBehind(false);
  };

  readonly #noticeScroll = (): void => {
    const viewport = this.#viewport.current;
    if (viewport === null) return;
    const { clientHeight, scrollHeight, scrollTop } = viewport;
    const atEnd = scrollHeight - scrollTop - clientHeight < FOLLOWING;
    // Only a reader scrolls up; the end moves away by itself when something arrives.
    this.#following = atEnd || (this.#following && scrollTop >= this.#top);
    this.#top = scrollTop;
    if (atEnd) this.#setBehind(false);
  };

  #setBehind(behind: boolean): void {
    if (behind !== this.state.behind) this.setState({ behind });
  }
}

function pausedBefore(items: readonly HistoryItem[], index: number): boolean {
  const at = (place: number) => Date.parse(items[place]?.at ?? "");
  return index === 0 || at(index) - at(index - 1) > PAUSE;
}
