export type Locale = "zh" | "en";

/** Every text in Chinese and in English, side by side. */
type Texts = Record<string, readonly [zh: unknown, en: unknown]>;
export type Chosen<T extends Texts> = { readonly [Name in keyof T]: T[Name][number] };

/** The texts for an alert, an owner and a phase have its name. */
const TEXTS = {
  title: ["在线客服", "Customer service"],
  greeting: ["您好，请问有什么可以帮您？", "Hello! How can we help you?"],
  close: ["关闭", "Close"],
  newConversation: ["新会话", "New conversation"],
  ended: ["本次会话已结束", "Conversation ended"],
  log: ["聊天记录", "Messages"],
  bot: ["智能客服", "Assistant"],
  agent: ["人工客服", "Agent"],
  customer: ["我", "You"],
  human: ["转人工", "Human agent"],
  humanMessage: ["转人工", "I want to talk to a person"],
  queue: ["排队中", "In the queue"],
  queued: [
    (place: number | null) => `正在排队${place ? `，当前第 ${place} 位` : ""}，客服会尽快接入`,
    (place: number | null) => `In the queue${place ? `, number ${place}` : ""}. An agent will join soon`,
  ],
  serving: ["人工客服正在为您服务", "You are talking to an agent"],
  wait: ["请稍候…", "One moment…"],
  offline: [
    "网络断开，正在重连。消息会在恢复后自动发送",
    "Offline, reconnecting. Messages will be sent then",
  ],
  refused: ["暂时无法连接客服，请稍后刷新页面", "Customer service cannot be reached. Reload later"],
  rate_limited: ["发送太快了，请稍后再试", "Too fast. Please try again later"],
  failed: ["出了点问题，请稍后再试", "Something went wrong. Please try again"],
  typing: ["正在输入…", "Typing…"],
  pending: ["发送中…", "Sending…"],
  unsent: ["未发送", "Not sent"],
  retry: ["重试", "Retry"],
  discard: ["删除", "Delete"],
  placeholder: ["输入消息，按 Enter 发送", "Type a message, Enter sends"],
  send: ["发送", "Send"],
  tooLong: [(over: number) => `超出 ${over} 字`, (over: number) => `${over} characters too long`],
  replies: ["快捷回复", "Quick replies"],
  helpful: ["有帮助", "Helpful"],
  unhelpful: ["没帮助", "Not helpful"],
  rated: ["感谢反馈", "Thank you"],
  news: ["有新消息", "New messages"],
} satisfies Texts;

export type Strings = Chosen<typeof TEXTS>;

/** The language of the interface for a BCP 47 tag: Chinese in all its forms, else English. */
export function localeOf(tag: string): Locale {
  return /^(zh|yue)\b/i.test(tag) ? "zh" : "en";
}

export function choose<T extends Texts>(texts: T, locale: Locale): Chosen<T> {
  const language = locale === "zh" ? 0 : 1;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text[language]])) as Chosen<T>;
}

export function stringsFor(locale: Locale): Strings {
  return choose(TEXTS, locale);
}

/** "14:05" today, "11/19 14:05" before. */
export function formatTime(iso: string, now: Date, locale: Locale): string {
  const at = new Date(iso);
  const day = at.toDateString() !== now.toDateString();
  return at.toLocaleString(locale, {
    ...(day && { month: "numeric", day: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
}
