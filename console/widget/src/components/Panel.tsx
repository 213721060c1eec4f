import { h, type RefObject } from "preact";
import type { Chat } from "../chat";
import type { Strings } from "../i18n";
import { BOT, CLOSE, HUMAN, RESTART } from "../icons";
import type { ChatState } from "../store";
import { Composer } from "./Composer";
import { Icon, IconButton } from "./Icon";
import { MessageLog } from "./MessageLog";

interface PanelProps {
  chat: Chat;
  state: ChatState;
  /** Whether it covers the page, which then cannot be reached. */
  covers: boolean;
  panel: RefObject<HTMLElement | null>;
  input: RefObject<HTMLTextAreaElement | null>;
  onClose: () => void;
}

export function Panel({ chat, state, covers, panel, input, onClose }: PanelProps) {
  const { session, settings, strings } = chat;
  const byAgent = state.owner === "agent";
  const banner = bannerOf(state, strings);
  return (
    <section
      class="panel"
      ref={panel}
      role="dialog"
      aria-labelledby="title"
      aria-modal={covers}
      tabIndex={-1}
      hidden={!state.open}
    >
      <header class="bar row">
        <span class="avatar">
          <Icon path={byAgent ? HUMAN : BOT} />
        </span>
        <h2 id="title">
          {settings.title || strings.title}
          <small>{strings[byAgent ? "agent" : "bot"]}</small>
        </h2>
        <HumanButton chat={chat} state={state} />
        <IconButton
          label={strings.newConversation}
          path={RESTART}
          disabled={state.items.length === 0 || state.phase !== "online"}
          onClick={() => session.startOver()}
        />
        <IconButton label={strings.close} path={CLOSE} onClick={onClose} />
      </header>
      <p class={`banner ${banner.level}`} role="status">
        {banner.text}
      </p>
      <MessageLog chat={chat} state={state} />
      <Composer chat={chat} input={input} disabled={state.phase === "refused"} />
    </section>
  );
}

function HumanButton({ chat: { session, strings }, state }: { chat: Chat; state: ChatState }) {
  const { handoffRequested, owner, phase } = state;
  return (
    <button
      type="button"
      class="human row"
      disabled={owner !== "bot" || handoffRequested || phase === "refused"}
      onClick={() => session.say(strings.humanMessage, { handoff: true })}
    >
      <Icon path={HUMAN} />
      {strings[handoffRequested ? "wait" : owner === "bot" ? "human" : owner]}
    </button>
  );
}

function bannerOf({ alert, items, owner, phase, position }: ChatState, strings: Strings) {
  if (phase === "refused" || phase === "offline") return { level: "warning", text: strings[phase] };
  if (alert !== null) return { level: "warning", text: strings[alert] };
  if (owner === "queue") return { level: "info", text: strings.queued(position) };
  if (owner === "agent") return { level: "info", text: strings.serving };
  return { level: "info", text: phase === "connecting" && items.length === 0 && strings.wait };
}
