import { type Locale, localeOf } from "./i18n";

/** What the shop says on its script tag. */
export interface Settings {
  /** Where the script came from, which is where the server is. */
  origin: string;
  key: string;
  customerToken: string | null;
  locale: Locale;
  title?: string | undefined;
  greeting?: string | undefined;
  suggestions: string[];
  /** Open at once where there is room for shop and panel side by side. */
  open: boolean;
}

/** Throws when the tag carries no `data-key`: a widget that nobody owns must fail where its author looks. */
export function readSettings(script: HTMLScriptElement): Settings {
  const { key, customerToken, locale, title, greeting, suggestions, open } = script.dataset;
  if (!key) throw new Error("Kefu: the script tag needs data-key");
  return {
    origin: new URL(script.src, location.href).origin,
    key,
    customerToken: customerToken || null,
    locale: localeOf(locale ?? navigator.language),
    title,
    greeting,
    suggestions: (suggestions ?? "")
      .split("|")
      .map((text) => text.trim())
      .filter(Boolean),
    open: open !== undefined,
  };
}
