/** `widget.js`: mounts the widget for the script tag that loaded it, and is `window.Kefu` for the page. */
import { Component, Fragment, h, render } from "preact";
import { type MountedWidget, mount } from "./mount";
import { readSettings } from "./settings";

const script = document.currentScript as HTMLScriptElement | null;
let widget: MountedWidget | null = null;

function start(): MountedWidget | null {
  if (script !== null) widget ??= mount(readSettings(script));
  return widget;
}

/** For `widget-more.js`: what a second copy of Preact renders could not live in the first one's tree. */
export const preact = { Component, Fragment, h, render };

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
