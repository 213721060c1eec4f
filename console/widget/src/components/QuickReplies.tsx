import type { QuickReply } from "../protocol";
import { useChat } from "./context";

/** Buttons that speak for the customer. */
export function QuickReplies({ options, label }: { options: readonly QuickReply[]; label: string }) {
  const { session } = useChat();
  if (options.length === 0) return null;
  return (
    <fieldset class="replies">
      <legend class="unseen">{label}</legend>
      {options.map((option) => (
        <button type="button" onClick={() => session.say(option.message)}>
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
