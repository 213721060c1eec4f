/** Stands in for Preact in the built second script: the first one's copy. */
declare const Kefu: { preact: Pick<typeof import("preact"), "Component" | "Fragment" | "h" | "render"> };

export const { Component, Fragment, h, render } = Kefu.preact;
