import type { Strings } from "./i18n";
import type { ChatSession } from "./session";
import type { Settings } from "./settings";

/** What every component works with; it stays the same as long as the widget lives. */
export interface Chat {
  session: ChatSession;
  settings: Settings;
  strings: Strings;
}
