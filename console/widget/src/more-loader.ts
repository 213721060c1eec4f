import type * as more from "./more";

/** What the second script brings: all that the first paint and a plain chat do without. */
export type More = typeof more;
export type LoadMore = () => Promise<More>;

/** Loads the second script from where the first came from, on first need. */
export class MoreLoader {
  readonly #load: LoadMore;
  #loading: Promise<More> | null = null;
  #onLoad: (more: More) => void = () => undefined;
  /** Null until it is here. */
  loaded: More | null = null;

  constructor(origin: string, load?: LoadMore) {
    this.#load = load ?? (() => import(/* @vite-ignore */ `${origin}/widget-more.js`));
  }

  /** Rejects when the script cannot be had; the next call tries again. */
  load(): Promise<More> {
    this.#loading ??= this.#load().then(
      (more) => {
        this.loaded = more;
        this.#onLoad(more);
        return more;
      },
      (error) => {
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }
}
