import { h } from "preact";
import type { Chat } from "../chat";
import type { QuickReply } from "../protocol";

interface QuickRepliesProps {
  chat: Chat;
  options: readonly QuickReply[];
  label: string;
}

/** Buttons that speak for the customer. */
export function QuickReplies({ chat, options, label }: QuickRepliesProps) {
  if (options.length === 0) return null;
  return (
    <fieldset class="replies row">
      <legend class="unseen">{label}</legend>
      {options.map((option) => (
        <button type="button" onClick={() => chat.session.say(option.message)}>
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
