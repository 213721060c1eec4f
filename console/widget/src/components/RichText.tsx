import { h } from "preact";
import { splitLinks } from "../text";

/** A text with its web links live; all else in it stays text. */
export function RichText({ text }: { text: string }) {
  return (
    <div class="bubble">
      <p class="text">{linked(text)}</p>
    </div>
  );
}

export function linked(text: string) {
  return splitLinks(text).map((piece, place) =>
    place % 2 === 0 ? (
      piece
    ) : (
      <a href={piece} target="_blank" rel="noopener noreferrer nofollow">
        {piece}
      </a>
    ),
  );
}
