import { h } from "preact";
import type { Chat } from "../chat";
import { Icon } from "../components/Icon";
import type { FilePart, ImagePart, RichPart } from "../protocol";
import { Card } from "./Card";
import { Form } from "./Form";
import { formatBytes, webAddress } from "./format";
import { FILE } from "./icons";

interface RichPartProps {
  chat: Chat;
  part: RichPart;
  live: boolean;
}

export function RichPartView({ chat, part, live }: RichPartProps) {
  switch (part.type) {
    case "card":
      return <Card chat={chat} card={part} />;
    case "form":
      return <Form chat={chat} form={part} live={live} />;
    case "image":
      return <Image image={part} url={webAddress(part.url, chat.settings.origin)} />;
    case "file":
      return <File file={part} url={webAddress(part.url, chat.settings.origin)} />;
    default:
      part satisfies never;
      // A part of a newer server: the other parts carry the meaning.
      return null;
  }
}

function Image({ image, url }: { image: ImagePart; url: string | null }) {
  if (url === null) return null;
  return (
    <a class="image" href={url} target="_blank" rel="noopener noreferrer">
      <img src={url} alt={image.alt} loading="lazy" />
    </a>
  );
}

function File({ file, url }: { file: FilePart; url: string | null }) {
  if (url === null) return null;
  return (
    <a class="card file" href={url} target="_blank" rel="noopener noreferrer">
      <Icon path={FILE} />
      <span>{file.name}</span>
      {file.size != null && <small>{formatBytes(file.size)}</small>}
    </a>
  );
}
