import { Component, Fragment, h, render } from "preact";
import type { Chat } from "../chat";
import { IconButton } from "../components/Icon";
import { CLOSE } from "../icons";
import type { Citation } from "../protocol";
import { fetchPassage, type Passage } from "./passage";
import { stringsFor } from "./strings";

interface SourceProps {
  chat: Chat;
  citation: Citation;
}

/** Shows where a statement comes from. The browser's modal dialog keeps the focus and gives it back to `opener`. */
export function openSource(chat: Chat, citation: Citation, opener: Element): void {
  // Beside the widget, not in its log: what stands there is read out as a message.
  const place = document.createElement("div");
  opener.getRootNode().appendChild(place);
  const onClose = () => {
    render(null, place);
    place.remove();
  };
  render(<SourceDialog chat={chat} citation={citation} onClose={onClose} />, place);
  place.querySelector("dialog")?.showModal();
}

function SourceDialog({ chat, citation, onClose }: SourceProps & { onClose: () => void }) {
  const { locale } = chat.settings;
  const strings = stringsFor(locale);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop doubles Escape, which dialogs know
    <dialog
      class="source"
      lang={locale}
      aria-labelledby="source-title"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <div class="sheet">
        <header>
          <span class="marker">{citation.index}</span>
          <h2 id="source-title">{citation.title}</h2>
          <IconButton
            class="quiet"
            label={strings.close}
            path={CLOSE}
            onClick={(event) => event.currentTarget.closest("dialog")?.close()}
          />
        </header>
        {citation.source.startsWith("operation:") ? (
          <p class="text">{strings.sourceIsOperation}</p>
        ) : (
          <PassageView chat={chat} citation={citation} />
        )}
      </div>
    </dialog>
  );
}

interface PassageState {
  passage: "loading" | "failed" | Passage;
}

class PassageView extends Component<SourceProps, PassageState> {
  override state: PassageState = { passage: "loading" };
  readonly #unmounted = new AbortController();

  override componentDidMount(): void {
    const { chat, citation } = this.props;
    const { signal } = this.#unmounted;
    fetchPassage(chat.settings, citation.passage_id, signal).then(
      (passage) => this.setState({ passage }),
      () => signal.aborted || this.setState({ passage: "failed" }),
    );
  }

  override componentWillUnmount(): void {
    this.#unmounted.abort();
  }

  override render({ chat, citation }: SourceProps) {
    const strings = stringsFor(chat.settings.locale);
    const { passage } = this.state;
    if (passage === "loading") return <p role="status">{strings.loading}</p>;
    if (passage === "failed") return <p role="alert">{strings.sourceUnavailable}</p>;
    const { effective_from: from, effective_to: to, heading, text, title } = passage;
    const path = [title, ...heading].filter((step) => step && step !== citation.title).join(" › ");
    const validity = [from && strings.validFrom(from.slice(0, 10)), to && strings.validUntil(to.slice(0, 10))]
      .filter(Boolean)
      .join(" · ");
    return (
      <>
        {path && <p class="path">{path}</p>}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <p class="text passage" tabIndex={0}>
          {text}
        </p>
        {validity && <p class="path">{validity}</p>}
      </>
    );
  }
}
