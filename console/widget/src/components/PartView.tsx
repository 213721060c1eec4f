import { formatBytes } from "../i18n";
import type { Citation, Part } from "../protocol";
import { webAddress } from "../text";
import { Card } from "./Card";
import { useChat } from "./context";
import { Form } from "./Form";
import { Icon } from "./Icon";
import { QuickReplies } from "./QuickReplies";
import { RichText } from "./RichText";

export interface PartViewProps {
  part: Part;
  citations?: readonly Citation[] | undefined;
  /** Whether the conversation still stands at this message, so that its questions await an answer. */
  live: boolean;
}

export function PartView({ part, citations = [], live }: PartViewProps) {
  const { settings, strings } = useChat();
  switch (part.type) {
    case "text":
      return (
        <div class="bubble">
          <RichText text={part.text} citations={citations} />
        </div>
      );
    case "quick_replies":
      return live ? <QuickReplies options={part.options} label={strings.quickReplies} /> : null;
    case "card":
      return <Card card={part} />;
    case "form":
      return <Form form={part} live={live} />;
    case "notice":
      return <p class={`notice ${part.level}`}>{part.text}</p>;
    case "image": {
      const url = webAddress(part.url, settings.origin);
      return url === null ? null : (
        <a class="image" href={url} target="_blank" rel="noopener noreferrer">
          <img src={url} alt={part.alt} loading="lazy" />
        </a>
      );
    }
    case "file": {
      const url = webAddress(part.url, settings.origin);
      return url === null ? null : (
        <a class="card file" href={url} target="_blank" rel="noopener noreferrer">
          <Icon name="file" />
          <span>{part.name}</span>
          {part.size != null && <small>{formatBytes(part.size)}</small>}
        </a>
      );
    }
    default:
      // A part of a newer server: `reply` and the other parts carry the meaning.
      return null;
  }
}
