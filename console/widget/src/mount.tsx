import { render } from "preact";
import { Widget } from "./components/Widget";
import { ChatSession, type SessionOptions } from "./session";
import type { Settings } from "./settings";
import styles from "./styles/index.css?inline";

export interface MountedWidget {
  session: ChatSession;
  root: ShadowRoot;
  unmount: () => void;
}

/** Puts the widget into the page, in a shadow root: neither side's styles reach the other. */
export function mount(settings: Settings, options: SessionOptions = {}): MountedWidget {
  const host = document.createElement("kefu-widget");
  const root = host.attachShadow({ mode: "open" });
  // A constructed sheet is not stopped by a page's Content-Security-Policy, as a style element would be.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  document.body.append(host);

  const session = new ChatSession(settings, options);
  const covers = matchMedia("(max-width: 900px)").matches;
  if (!covers && (settings.open || session.wasOpen)) session.open();
  render(<Widget session={session} settings={settings} />, root);

  return {
    session,
    root,
    unmount: () => {
      session.dispose();
      render(null, root);
      host.remove();
    },
  };
}
