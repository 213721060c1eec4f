import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useId, useLayoutEffect, useState } from "preact/hooks";
import { MESSAGE_LIMIT } from "../session";
import { useChat } from "./context";
import { Icon } from "./Icon";

/** From how many characters on the counter shows. */
const COUNTER_FROM = MESSAGE_LIMIT - 400;

export function Composer({
  input,
  disabled,
}: {
  input: RefObject<HTMLTextAreaElement | null>;
  disabled: boolean;
}) {
  const { session, strings } = useChat();
  const [text, setText] = useState("");
  const counterId = useId();
  const length = [...text].length;
  const tooLong = length > MESSAGE_LIMIT;
  const sendable = text.trim() !== "" && !tooLong && !disabled;

  // The height follows the text.
  useLayoutEffect(() => {
    const element = input.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const send = () => {
    if (!sendable) return;
    session.say(text);
    setText("");
    input.current?.focus();
  };

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    // Enter that picks a word of an input method must not send; keyCode 229 is how Safari says so.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={input}
        rows={1}
        value={text}
        disabled={disabled}
        placeholder={strings.placeholder}
        aria-label={strings.message}
        aria-invalid={tooLong}
        aria-describedby={counterId}
        enterkeyhint="send"
        onInput={(event) => {
          setText(event.currentTarget.value);
          session.writing();
        }}
        onKeyDown={onKeyDown}
      />
      <button type="submit" class="send" aria-label={strings.send} title={strings.send} disabled={!sendable}>
        <Icon name="send" />
      </button>
      <small id={counterId} class={tooLong ? "counter over" : "counter"} role="status">
        {tooLong
          ? strings.tooLong(length - MESSAGE_LIMIT)
          : length >= COUNTER_FROM
            ? `${length} / ${MESSAGE_LIMIT}`
            : ""}
      </small>
    </form>
  );
}
