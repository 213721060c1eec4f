import { h } from "preact";
import type { Chat } from "../chat";
import type { Citation, Part } from "../protocol";
import { wordsOf } from "../text";
import { Lazy } from "./Lazy";
import { QuickReplies } from "./QuickReplies";
import { RichText } from "./RichText";

interface PartViewProps {
  chat: Chat;
  part: Part;
  citations?: readonly Citation[] | undefined;
  /** Whether the conversation still stands at this message, so that its questions await an answer. */
  live: boolean;
}

export function PartView({ chat, part, citations = [], live }: PartViewProps) {
  switch (part.type) {
    case "text": {
      const plain = <RichText text={part.text} />;
      if (citations.length === 0) return plain;
      return (
        <Lazy
          chat={chat}
          show={(more) => <more.CitedText chat={chat} text={part.text} citations={citations} />}
        >
          {plain}
        </Lazy>
      );
    }
    case "quick_replies":
      return live ? <QuickReplies chat={chat} options={part.options} label={chat.strings.replies} /> : null;
    case "notice":
      return <p class={`notice ${part.level}`}>{part.text}</p>;
    default:
      return (
        <Lazy chat={chat} show={(more) => <more.RichPartView chat={chat} part={part} live={live} />}>
          <RichText text={wordsOf(part)} />
          {"actions" in part && <QuickReplies chat={chat} options={part.actions ?? []} label={part.title} />}
        </Lazy>
      );
  }
}
