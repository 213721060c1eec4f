import { h, render } from "preact";
import { Widget } from "./components/Widget";
import { stringsFor } from "./i18n";
import { loadFrom } from "./more-loader";
import { ChatSession, type SessionOptions } from "./session";
import type { Settings } from "./settings";
import styles from "./styles/index.css?inline";

export interface MountedWidget {
  session: ChatSession;
  root: ShadowRoot;
  remove: () => void;
}

/** Puts the widget into the page, in a shadow root: neither side's styles reach the other. */
export function mount(settings: Settings, options: Partial<SessionOptions> = {}): MountedWidget {
  const host = document.createElement("kefu-widget");
  const root = host.attachShadow({ mode: "open" });
  dress(root, styles);
  document.body.append(host);

  const { loadMore = loadFrom(settings.origin) } = options;
  const session = new ChatSession(settings, {
    ...options,
    loadMore: async () => {
      const more = await loadMore();
      dress(root, more.styles);
      return more;
    },
  });
  const covers = matchMedia("(max-width: 900px)").matches;
  if (!covers && (settings.open || session.wasOpen)) session.open();
  render(<Widget chat={{ session, settings, strings: stringsFor(settings.locale) }} />, root);

  return {
    session,
    root,
    remove: () => {
      session.dispose();
      host.remove();
    },
  };
}

/** A constructed sheet is not stopped by a page's Content-Security-Policy, as a style element would be. */
function dress(root: ShadowRoot, styles: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets.push(sheet);
}
