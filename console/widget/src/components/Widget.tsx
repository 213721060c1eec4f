import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { stringsFor } from "../i18n";
import type { Citation } from "../protocol";
import type { ChatSession } from "../session";
import type { Settings } from "../settings";
import { ChatContext, useChatState } from "./context";
import { Icon } from "./Icon";
import { Panel } from "./Panel";
import { SourceDialog } from "./SourceDialog";

export function Widget({ session, settings }: { session: ChatSession; settings: Settings }) {
  const state = useChatState(session);
  const [source, setSource] = useState<Citation | null>(null);
  const covers = useMediaQuery(COVERS);
  const launcher = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const strings = stringsFor(settings.locale);
  const chat = useMemo(
    () => ({ session, settings, strings, openSource: setSource }),
    [session, settings, strings],
  );

  useVisibleHeight(panel, covers && state.open);

  const close = () => {
    session.close();
    // The launcher is hidden while the panel covers the page, so it can take the focus only afterwards.
    requestAnimationFrame(() => launcher.current?.focus());
  };

  useEffect(() => {
    if (!state.open || !openedByCustomer(launcher.current)) return;
    // On a touch screen the focus in the field would pull up the keyboard over the conversation.
    (matchMedia("(pointer: coarse)").matches ? panel : input).current?.focus();
  }, [state.open]);

  return (
    <ChatContext.Provider value={chat}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape works wherever the focus is in the widget */}
      <div
        class={state.open ? "widget open" : "widget"}
        lang={settings.locale}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.isComposing && state.open && source === null) close();
        }}
      >
        <Panel state={state} covers={covers} panel={panel} input={input} onClose={close} />
        <button
          type="button"
          ref={launcher}
          class="launcher"
          aria-label={state.open ? strings.close : strings.open}
          aria-expanded={state.open}
          onClick={() => (state.open ? close() : session.open())}
        >
          <Icon name={state.open ? "minimise" : "chat"} />
          {state.unread > 0 && (
            <span class="unread" role="status">
              <span aria-hidden="true">{state.unread}</span>
              <span class="unseen">{strings.unread(state.unread)}</span>
            </span>
          )}
        </button>
        {source && <SourceDialog citation={source} onClose={() => setSource(null)} />}
      </div>
    </ChatContext.Provider>
  );
}

/** The width at which the panel takes the whole screen; the style sheet has the same. */
const COVERS = "(max-width: 480px)";

/** A panel that opens by itself must not take the focus from where the customer works. */
function openedByCustomer(launcher: HTMLButtonElement | null): boolean {
  const root = launcher?.getRootNode();
  return root instanceof ShadowRoot && root.activeElement !== null;
}

function useMediaQuery(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setMatches(list.matches);
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  }, [query]);
  return matches;
}

/** Shrinks a covering panel to what the on-screen keyboard leaves of the screen. */
function useVisibleHeight(panel: { current: HTMLElement | null }, active: boolean): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    const element = panel.current;
    if (!active || !viewport || element === null) return;
    const fit = () => element.style.setProperty("--visible-height", `${viewport.height}px`);
    fit();
    viewport.addEventListener("resize", fit);
    return () => {
      viewport.removeEventListener("resize", fit);
      element.style.removeProperty("--visible-height");
    };
  }, [panel, active]);
}
