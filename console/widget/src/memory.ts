import type { Outgoing } from "./store";

/**
 * What survives a reload: who the visitor is, which conversation is open, what was not yet delivered.
 * Where the browser forbids storage (private windows, sandboxed frames) it is forgotten with the page.
 */
export class Memory {
  readonly #prefix: string;
  readonly #storage: Storage | null;

  constructor(publicKey: string, customerToken: string | null) {
    // Customers who share a browser must not inherit each other's conversation or unsent words.
    this.#prefix = `kefu:${publicKey}:${customerToken === null ? "visitor" : subject(customerToken)}:`;
    this.#storage = usableStorage();
  }

  get conversationId(): string | null {
    return this.#get("conversation");
  }

  set conversationId(id: string | null) {
    this.#set("conversation", id);
  }

  get open(): boolean {
    return this.#get("open") === "yes";
  }

  set open(open: boolean) {
    this.#set("open", open ? "yes" : null);
  }

  visitorId(): string {
    const known = this.#get("visitor");
    if (known !== null) return known;
    const fresh = randomId();
    this.#set("visitor", fresh);
    return fresh;
  }

  /** Oldest first. One entry per message: two tabs never overwrite each other's list. */
  undelivered(): Outgoing[] {
    const storage = this.#storage;
    if (storage === null) return [];
    const prefix = `${this.#prefix}undelivered:`;
    return Object.keys(storage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => parseOutgoing(storage.getItem(key)))
      .filter((message) => message !== null)
      .sort((a, b) => a.at.localeCompare(b.at));
  }

  keep(message: Outgoing): void {
    this.#set(`undelivered:${message.id}`, JSON.stringify(message));
  }

  forget(id: string): void {
    this.#set(`undelivered:${id}`, null);
  }

  #get(name: string): string | null {
    return this.#storage?.getItem(this.#prefix + name) ?? null;
  }

  #set(name: string, value: string | null): void {
    try {
      if (value === null) this.#storage?.removeItem(this.#prefix + name);
      else this.#storage?.setItem(this.#prefix + name, value);
    } catch (error) {
      // A full storage costs the resuming after a reload, not the conversation.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}

/** A random UUID. `crypto.randomUUID` exists on https and localhost only; shops are tried out on plain http too. */
export function randomId(): string {
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => {
    const random = crypto.getRandomValues(new Uint8Array(1))[0] ?? 0;
    return (Number(digit) ^ (random & (15 >> (Number(digit) / 4)))).toString(16);
  });
}

function usableStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** The customer whom a signed token names. A token is renewed with every page, its subject stays. */
function subject(token: string): string {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const claims: unknown = JSON.parse(atob(payload));
    if (typeof claims === "object" && claims !== null && "sub" in claims) return `customer:${claims.sub}`;
  } catch {
    // Not a JSON web token: the whole token stands for the customer.
  }
  return `token:${token}`;
}

function parseOutgoing(text: string | null): Outgoing | null {
  try {
    const message: Outgoing | null = JSON.parse(text ?? "null");
    return typeof message?.id === "string" && typeof message.text === "string" ? message : null;
  } catch {
    return null;
  }
}
