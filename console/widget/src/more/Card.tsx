import { h } from "preact";
import type { Chat } from "../chat";
import { Icon } from "../components/Icon";
import { QuickReplies } from "../components/QuickReplies";
import type { CardPart } from "../protocol";
import { webAddress } from "./format";
import { CARDS } from "./icons";
import { stringsFor } from "./strings";

const LATEST_STEPS = 3;

/** An order, a parcel, a ticket, a product or a receipt. */
export function Card({ chat, card }: { chat: Chat; card: CardPart }) {
  const { locale, origin } = chat.settings;
  const strings = stringsFor(locale);
  const url = webAddress(card.url, origin);
  const earlier = card.timeline?.slice(LATEST_STEPS) ?? [];
  return (
    <section class={`card ${card.kind}`} aria-label={card.title}>
      <header>
        <span class="badge">
          <Icon path={CARDS[card.kind]} />
        </span>
        <div class="heading">
          <strong>{card.title}</strong>
          {card.subtitle && <small>{card.subtitle}</small>}
        </div>
        {card.status && <span class="status">{card.status}</span>}
      </header>
      {card.fields && card.fields.length > 0 && (
        <dl>
          {card.fields.map(({ label, value }) => (
            <div>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {card.timeline && card.timeline.length > 0 && <Steps steps={card.timeline.slice(0, LATEST_STEPS)} />}
      {earlier.length > 0 && (
        <details>
          <summary>{strings.earlier(earlier.length)}</summary>
          <Steps steps={earlier} />
        </details>
      )}
      {url && (
        <a class="more" href={url} target="_blank" rel="noopener noreferrer">
          {strings.details}
        </a>
      )}
      {card.actions && <QuickReplies chat={chat} options={card.actions} label={card.title} />}
    </section>
  );
}

function Steps({ steps }: { steps: NonNullable<CardPart["timeline"]> }) {
  return (
    <ol>
      {steps.map(({ time, text }) => (
        <li>
          <span>{text}</span>
          <time>{time}</time>
        </li>
      ))}
    </ol>
  );
}
