import type * as more from "./more";

/** What the second script brings: all that the first paint and a plain chat do without. */
export type More = typeof more;
export type LoadMore = () => Promise<More>;

/** The second script lies beside the first. Some browsers remember a failed address: every try has its own. */
export function loadFrom(origin: string): LoadMore {
  let tries = 0;
  return () => import(/* @vite-ignore */ `${origin}/widget-more.js?${tries++}`);
}

/** Loads the second script once, on first need. */
export class MoreLoader {
  readonly #load: LoadMore;
  #loading: Promise<More> | null = null;
  /** Null until it is here. */
  loaded: More | null = null;

  constructor(load: LoadMore) {
    this.#load = load;
  }

  /** Rejects when the script cannot be had; the next call tries again. */
  async load(): Promise<More> {
    this.#loading ??= this.#load();
    try {
      this.loaded = await this.#loading;
      return this.loaded;
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }
}
