import type { CardPart } from "../protocol";
import { webAddress } from "../text";
import { useChat } from "./context";
import { Icon } from "./Icon";
import { QuickReplies } from "./QuickReplies";

const LATEST_STEPS = 3;

/** An order, a parcel, a ticket, a product or a receipt. */
export function Card({ card }: { card: CardPart }) {
  const { settings, strings } = useChat();
  const url = webAddress(card.url, settings.origin);
  return (
    <section class={`card ${card.kind}`} aria-label={card.title}>
      <header>
        <span class="badge">
          <Icon name={card.kind} />
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
      {card.timeline && card.timeline.length > 0 && <Timeline steps={card.timeline} />}
      {url && (
        <a class="more" href={url} target="_blank" rel="noopener noreferrer">
          {strings.details}
        </a>
      )}
      {card.actions && <QuickReplies options={card.actions} label={card.title} />}
    </section>
  );
}

function Timeline({ steps }: { steps: NonNullable<CardPart["timeline"]> }) {
  const { strings } = useChat();
  const earlier = steps.slice(LATEST_STEPS);
  return (
    <>
      <Steps steps={steps.slice(0, LATEST_STEPS)} />
      {earlier.length > 0 && (
        <details>
          <summary>{strings.earlier(earlier.length)}</summary>
          <Steps steps={earlier} />
        </details>
      )}
    </>
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
