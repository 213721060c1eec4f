import { Component, createRef, h, type TargetedKeyboardEvent } from "preact";
import type { Chat } from "../chat";
import { CHAT, CLOSE } from "../icons";
import { IconButton } from "./Icon";
import { Panel } from "./Panel";

/** The width at which the panel takes the whole screen; the style sheet has the same. */
const COVERS = "(max-width: 480px)";

/** What Tab stops at. */
const TAB_STOPS = ":is(a, button, input, select, summary, textarea, [tabindex='0']):not(:disabled)";

/** Lives as long as its page. */
export class Widget extends Component<{ chat: Chat }> {
  readonly #launcher = createRef<HTMLButtonElement>();
  readonly #panel = createRef<HTMLElement>();
  readonly #input = createRef<HTMLTextAreaElement>();
  readonly #covers = matchMedia(COVERS);
  #wasOpen = false;

  override componentDidMount(): void {
    const update = () => this.forceUpdate();
    this.props.chat.session.store.subscribe(update);
    this.#covers.onchange = update;
    // Leaves the on-screen keyboard its room.
    const viewport = window.visualViewport;
    viewport?.addEventListener("resize", () =>
      this.#panel.current?.style.setProperty("--visible-height", `${viewport.height}px`),
    );
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const { open } = this.props.chat.session.store.state;
    const focused = this.#focused !== null;
    // A panel that opens by itself must not take the focus from where the customer works. One that covers the
    // page keeps it, even when what was pressed is gone after it.
    if (open && (focused ? !this.#wasOpen : this.#covers.matches)) this.#takeFocus();
    this.#wasOpen = open;
  }

  override render({ chat }: { chat: Chat }) {
    const { session, settings, strings } = chat;
    const state = session.store.state;
    const { open, unread } = state;
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: its keys work wherever the focus is in the widget
      <div class={open ? "widget open" : "widget"} lang={settings.locale} onKeyDown={this.#onKeyDown}>
        <Panel
          chat={chat}
          state={state}
          covers={this.#covers.matches}
          panel={this.#panel}
          input={this.#input}
          onClose={this.#close}
        />
        <IconButton
          ref={this.#launcher}
          class="launcher"
          label={open ? strings.close : strings.title}
          path={open ? CLOSE : CHAT}
          aria-expanded={open}
          onClick={() => (open ? this.#close() : session.open())}
        />
        <span class="unread" role="status">
          {unread > 0 && (
            <b>
              {unread} <span class="unseen">{strings.news}</span>
            </b>
          )}
        </span>
      </div>
    );
  }

  /** On a touch screen the focus in the field would pull up the keyboard over the conversation. */
  #takeFocus(): void {
    (matchMedia("(pointer: coarse)").matches ? this.#panel : this.#input).current?.focus();
  }

  readonly #close = (): void => {
    this.props.chat.session.close();
    // The launcher is hidden while the panel covers the page, so it can take the focus only afterwards.
    requestAnimationFrame(() => this.#launcher.current?.focus());
  };

  readonly #onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (!this.props.chat.session.store.state.open || event.isComposing) return;
    if (event.key === "Escape") this.#close();
    if (event.key === "Tab" && this.#covers.matches) this.#keepFocus(event);
  };

  /** Tab goes round in a panel that covers the page: there is nothing to see behind it. */
  #keepFocus(event: KeyboardEvent): void {
    const stops = [...(this.#panel.current?.querySelectorAll<HTMLElement>(TAB_STOPS) ?? [])];
    if (event.shiftKey) stops.reverse();
    if (stops.slice(0, -1).some((stop) => stop === this.#focused)) return;
    event.preventDefault();
    stops[0]?.focus();
  }

  get #focused(): Element | null {
    const root = this.#panel.current?.getRootNode();
    return root instanceof ShadowRoot ? root.activeElement : null;
  }
}
