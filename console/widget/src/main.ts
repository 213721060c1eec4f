/** `widget.js`: mounts the widget for the script tag that loaded it, and is `window.Kefu` for the page. */
import { type MountedWidget, mount } from "./mount";
import { readSettings } from "./settings";

const script = document.currentScript;
let widget: MountedWidget | null = null;

function start(): MountedWidget | null {
  if (widget === null && script instanceof HTMLScriptElement) widget = mount(readSettings(script));
  return widget;
}

export function open(): void {
  start()?.session.open();
}

export function close(): void {
  start()?.session.close();
}

/** Opens the panel and says `message` in the customer's name, for "ask about this" buttons of the shop. */
export function ask(message: string): void {
  const session = start()?.session;
  session?.open();
  session?.say(message);
}

// The tag may stand in the head, before there is a body to mount in.
if (document.body) start();
else addEventListener("DOMContentLoaded", start);
