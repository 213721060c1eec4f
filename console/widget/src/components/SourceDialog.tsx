import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Citation } from "../protocol";
import type { Passage } from "../session";
import { useChat } from "./context";
import { Icon } from "./Icon";

type Loading = "loading" | "failed" | Passage;

/** Shows where a statement comes from. The browser's modal dialog keeps the focus and gives it back. */
export function SourceDialog({ citation, onClose }: { citation: Citation; onClose: () => void }) {
  const { strings } = useChat();
  const dialog = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop doubles Escape, which dialogs know
    <dialog
      ref={dialog}
      class="source"
      aria-labelledby={headingId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <div class="sheet">
        <header>
          <span class="marker">{citation.index}</span>
          <h2 id={headingId}>{citation.title}</h2>
          <button
            type="button"
            class="quiet"
            aria-label={strings.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {citation.source.startsWith("operation:") ? (
          <p class="text">{strings.sourceIsOperation}</p>
        ) : (
          <PassageView id={citation.passage_id} title={citation.title} />
        )}
      </div>
    </dialog>
  );
}

function PassageView({ id, title }: { id: string; title: string }) {
  const { session, strings } = useChat();
  const [passage, setPassage] = useState<Loading>("loading");

  useEffect(() => {
    const abort = new AbortController();
    session.passage(id, abort.signal).then(setPassage, () => {
      if (!abort.signal.aborted) setPassage("failed");
    });
    return () => abort.abort();
  }, [session, id]);

  if (passage === "loading") return <p role="status">{strings.loading}</p>;
  if (passage === "failed") return <p role="alert">{strings.sourceUnavailable}</p>;
  const path = [passage.title, ...passage.heading].filter((step) => step && step !== title);
  return (
    <>
      {path.length > 0 && <p class="path">{path.join(" › ")}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <p class="text passage" tabIndex={0}>
        {passage.text}
      </p>
      {(passage.effective_from || passage.effective_to) && (
        <p class="path">
          {passage.effective_from && strings.validFrom(passage.effective_from.slice(0, 10))}
          {passage.effective_from && passage.effective_to && " · "}
          {passage.effective_to && strings.validUntil(passage.effective_to.slice(0, 10))}
        </p>
      )}
    </>
  );
}
