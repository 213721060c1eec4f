import type { ChatState, Outgoing } from "./store";

/**
 * What survives a reload: who the visitor is, which conversation is open, what was not yet delivered.
 * Where the browser forbids storage (private windows, sandboxed frames) it is forgotten with the page.
 */
export class Memory {
  readonly #prefix: string;
  readonly #storage = usableStorage();

  constructor(publicKey: string, customerToken: string | null) {
    // Customers who share a browser must not inherit each other's conversation or unsent words.
    this.#prefix = `kefu:${publicKey}:${customerToken ? `customer:${subject(customerToken)}` : "visitor"}:`;
  }

  get conversationId(): string | null {
    return this.#get("conversation");
  }

  /** Whether the panel was open on the page before. */
  get open(): boolean {
    return this.#get("open") !== null;
  }

  get visitorId(): string {
    const id = this.#get("visitor") ?? randomId();
    this.#set("visitor", id);
    return id;
  }

  /** Oldest first. One entry per message: two tabs never overwrite each other's list. */
  undelivered(): Outgoing[] {
    const prefix = `${this.#prefix}undelivered:`;
    return Object.entries<string>({ ...this.#storage })
      .filter(([key]) => key.startsWith(prefix))
      .map(([, message]): Outgoing => JSON.parse(message))
      .sort((a, b) => a.at.localeCompare(b.at));
  }

  keep(before: ChatState, after: ChatState): void {
    if (after.open !== before.open) this.#set("open", after.open ? "yes" : null);
    if (after.conversationId !== before.conversationId) this.#set("conversation", after.conversationId);
    if (after.outgoing === before.outgoing) return;
    for (const { id } of before.outgoing) this.#set(`undelivered:${id}`, null);
    for (const message of after.outgoing) this.#set(`undelivered:${message.id}`, JSON.stringify(message));
  }

  #get(name: string): string | null {
    return this.#storage?.getItem(this.#prefix + name) ?? null;
  }

  #set(name: string, value: string | null): void {
    try {
      if (value === null) this.#storage?.removeItem(this.#prefix + name);
      else this.#storage?.setItem(this.#prefix + name, value);
    } catch {
      // A full storage costs the resuming after a reload, not the conversation.
    }
  }
}

/** 128 random bits. `crypto.randomUUID` exists on https and localhost only; shops are tried out on plain http too. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function usableStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** The customer whom a signed token (RFC 7519) names. A token is renewed with every page, its subject stays. */
function subject(token: string): string {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)).sub;
  } catch {
    return token;
  }
}
