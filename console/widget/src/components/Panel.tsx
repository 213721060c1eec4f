import type { RefObject } from "preact";
import { useId } from "preact/hooks";
import type { Strings } from "../i18n";
import type { ChatState } from "../store";
import { Composer } from "./Composer";
import { useChat } from "./context";
import { Icon } from "./Icon";
import { MessageLog } from "./MessageLog";

interface PanelProps {
  state: ChatState;
  /** Whether it covers the page, which then cannot be reached. */
  covers: boolean;
  panel: RefObject<HTMLElement | null>;
  input: RefObject<HTMLTextAreaElement | null>;
  onClose: () => void;
}

export function Panel({ state, covers, panel, input, onClose }: PanelProps) {
  const { session, settings, strings } = useChat();
  const titleId = useId();
  const banner = bannerOf(state, strings);
  return (
    <section
      class="panel"
      ref={panel}
      role="dialog"
      aria-labelledby={titleId}
      aria-modal={covers}
      tabIndex={-1}
      hidden={!state.open}
    >
      <header class="bar">
        <span class="avatar">
          <Icon name={state.owner === "agent" ? "human" : "bot"} />
        </span>
        <h2 id={titleId}>
          {settings.title ?? strings.title}
          <small>{state.owner === "agent" ? strings.agent : strings.bot}</small>
        </h2>
        <HumanButton state={state} />
        <button
          type="button"
          aria-label={strings.newConversation}
          title={strings.newConversation}
          disabled={state.items.length === 0 || state.phase !== "online"}
          onClick={() => session.startOver()}
        >
          <Icon name="restart" />
        </button>
        <button type="button" aria-label={strings.close} title={strings.close} onClick={onClose}>
          <Icon name={covers ? "close" : "minimise"} />
        </button>
      </header>
      <p class={`banner ${banner.level}`} role="status">
        {banner.text}
      </p>
      <MessageLog state={state} />
      <Composer input={input} disabled={state.phase === "refused"} />
    </section>
  );
}

function HumanButton({ state }: { state: ChatState }) {
  const { session, strings } = useChat();
  const label = state.handoffRequested
    ? strings.humanRequested
    : state.owner === "queue"
      ? strings.humanQueued
      : state.owner === "agent"
        ? strings.humanServing
        : strings.human;
  const available = state.owner === "bot" && !state.handoffRequested && state.phase !== "refused";
  return (
    <button type="button" class="human" disabled={!available} onClick={() => session.requestHuman()}>
      <Icon name="human" />
      {label}
    </button>
  );
}

function bannerOf(state: ChatState, strings: Strings): { text: string; level: "info" | "warning" } {
  if (state.phase === "refused") return { text: strings.refused, level: "warning" };
  if (state.phase === "offline") return { text: strings.offline, level: "warning" };
  if (state.alert !== null) {
    return {
      text: state.alert === "rate_limited" ? strings.rateLimited : strings.failed,
      level: "warning",
    };
  }
  if (state.owner === "queue") {
    return {
      text: state.position === null ? strings.queue : strings.queuePosition(state.position),
      level: "info",
    };
  }
  if (state.owner === "agent") return { text: strings.agentServing, level: "info" };
  if (state.phase === "connecting" && state.items.length === 0) {
    return { text: strings.connecting, level: "info" };
  }
  return { text: "", level: "info" };
}
