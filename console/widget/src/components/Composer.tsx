import { Component, h, type RefObject, type TargetedKeyboardEvent } from "preact";
import type { Chat } from "../chat";
import { SEND } from "../icons";
import { MESSAGE_LIMIT } from "../session";
import { IconButton } from "./Icon";

/** From how many characters on the counter shows. */
const COUNTER_FROM = MESSAGE_LIMIT - 400;

interface ComposerProps {
  chat: Chat;
  input: RefObject<HTMLTextAreaElement | null>;
  disabled: boolean;
}

export class Composer extends Component<ComposerProps, { text: string }> {
  override state = { text: "" };

  /** The height follows the text. */
  override componentDidUpdate(): void {
    const input = this.props.input.current;
    if (input === null) return;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }

  override render({ chat, input, disabled }: ComposerProps) {
    const { session, strings } = chat;
    const { text } = this.state;
    const { length } = [...text];
    const tooLong = length > MESSAGE_LIMIT;
    const sendable = text.trim() !== "" && !tooLong && !disabled;

    const send = (event: Event) => {
      event.preventDefault();
      if (!sendable) return;
      session.say(text);
      this.setState({ text: "" });
      input.current?.focus();
    };

    const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
      // Enter that picks a word of an input method must not send; keyCode 229 is how Safari says so.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229)
        send(event);
    };

    return (
      <form class="composer row" onSubmit={send}>
        <textarea
          ref={input}
          rows={1}
          value={text}
          disabled={disabled}
          placeholder={strings.placeholder}
          aria-label={strings.placeholder}
          aria-invalid={tooLong}
          aria-describedby="counter"
          enterkeyhint="send"
          onInput={(event) => {
            this.setState({ text: event.currentTarget.value });
            session.writing();
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton type="submit" class="send" label={strings.send} path={SEND} disabled={!sendable} />
        <small id="counter" class={tooLong ? "over" : ""} role="status">
          {tooLong
            ? strings.tooLong(length - MESSAGE_LIMIT)
            : length >= COUNTER_FROM && `${length} / ${MESSAGE_LIMIT}`}
        </small>
      </form>
    );
  }
}
