export type Locale = "zh" | "en";

/** Every text in Chinese and in English, side by side. */
type Texts = Record<string, readonly [zh: unknown, en: unknown]>;
export type Chosen<T extends Texts> = { readonly [Name in keyof T]: T[Name][number] };

const TEXTS = {
  title: ["在线客服", "Customer service"],
  greeting: ["您好，请问有什么可以帮您？", "Hello! How can we help you?"],
  open: ["打开在线客服", "Open customer service chat"],
  close: ["关闭", "Close"],
  unread: [
    (count: number) => `${count} 条未读消息`,
    (count: number) => `${count} unread message${count === 1 ? "" : "s"}`,
  ],
  newConversation: ["新会话", "New conversation"],
  conversationEnded: ["本次会话已结束", "This conversation has ended"],
  log: ["聊天记录", "Messages"],
  bot: ["智能客服", "Assistant"],
  agent: ["人工客服", "Agent"],
  customer: ["我", "You"],
  human: ["转人工", "Human agent"],
  humanMessage: ["转人工", "I want to talk to a person"],
  humanRequested: ["正在转接…", "Connecting…"],
  humanQueued: ["排队中", "In the queue"],
  humanServing: ["人工服务中", "With an agent"],
  queue: ["正在为您排队，客服会尽快接入", "You are in the queue, an agent will join soon"],
  queuePosition: [
    (position: number) => `正在为您排队，当前第 ${position} 位`,
    (position: number) => `You are in the queue, number ${position}`,
  ],
  agentServing: ["人工客服正在为您服务", "You are talking to an agent"],
  connecting: ["正在连接…", "Connecting…"],
  offline: [
    "网络断开，正在重新连接。消息会在恢复后自动发送",
    "Connection lost, reconnecting. Your messages will be sent when it is back",
  ],
  refused: ["暂时无法连接客服，请稍后刷新页面", "Customer service cannot be reached. Please reload the page later"],
  rate_limited: ["发送得太快了，请稍等片刻再试", "That was a little fast. Please try again in a moment"],
  failed: ["出了点问题，请再试一次，或转人工", "Something went wrong. Please try again, or talk to a human"],
  loading: ["正在加载…", "Loading…"],
  source_unavailable: ["暂时打不开这条来源，请稍后再试", "This source cannot be opened. Please try again later"],
  botTyping: ["智能客服正在输入", "The assistant is typing"],
  agentTyping: ["人工客服正在输入", "The agent is typing"],
  pending: ["发送中…", "Sending…"],
  notSent: ["未发送", "Not sent"],
  retry: ["重试", "Retry"],
  discard: ["删除", "Delete"],
  placeholder: ["输入消息，按 Enter 发送", "Type a message, Enter sends"],
  message: ["消息", "Message"],
  send: ["发送", "Send"],
  tooLong: [(over: number) => `超出 ${over} 字`, (over: number) => `${over} characters too long`],
  quickReplies: ["快捷回复", "Quick replies"],
  suggestions: ["猜您想问", "You may want to ask"],
  helpful: ["有帮助", "Helpful"],
  notHelpful: ["没帮助", "Not helpful"],
  rated: ["感谢您的反馈", "Thank you for your feedback"],
  newMessages: ["有新消息", "New messages"],
  sources: ["来源", "Sources"],
  openSource: [
    (index: number, title: string) => `查看来源 ${index}：${title}`,
    (index: number, title: string) => `Open source ${index}: ${title}`,
  ],
} satisfies Texts;

export type Strings = Chosen<typeof TEXTS>;

/** The language of the interface for a BCP 47 tag: Chinese in all its forms, else English. */
export function localeOf(tag: string): Locale {
  return /^(zh|yue)\b/i.test(tag) ? "zh" : "en";
}

export function choose<T extends Texts>(texts: T, locale: Locale): Chosen<T> {
  const language = locale === "zh" ? 0 : 1;
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text[language]]),
  ) as Chosen<T>;
}

export function stringsFor(locale: Locale): Strings {
  return choose(TEXTS, locale);
}

/** "14:05" today, "11/19 14:05" before. */
export function formatTime(iso: string, now: Date, locale: Locale): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const day: Intl.DateTimeFormatOptions =
    at.toDateString() === now.toDateString() ? {} : { month: "numeric", day: "numeric" };
  return at.toLocaleString(locale === "zh" ? "zh-CN" : "en", {
    ...day,
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
}
