export type Locale = "zh" | "en";

const zh = {
  title: "在线客服",
  greeting: "您好，请问有什么可以帮您？",
  open: "打开在线客服",
  close: "关闭",
  unread: (count: number) => `${count} 条未读消息`,
  newConversation: "新会话",
  conversationEnded: "本次会话已结束",
  log: "聊天记录",
  bot: "智能客服",
  agent: "人工客服",
  customer: "我",
  human: "转人工",
  humanRequested: "正在转接…",
  humanQueued: "排队中",
  humanServing: "人工服务中",
  queue: "正在为您排队，客服会尽快接入",
  queuePosition: (position: number) => `正在为您排队，当前第 ${position} 位`,
  agentServing: "人工客服正在为您服务",
  connecting: "正在连接…",
  offline: "网络断开，正在重新连接。消息会在恢复后自动发送",
  refused: "暂时无法连接客服，请稍后刷新页面",
  rateLimited: "发送得太快了，请稍等片刻再试",
  failed: "出了点问题，请再试一次，或转人工",
  botTyping: "智能客服正在输入",
  agentTyping: "人工客服正在输入",
  pending: "发送中…",
  notSent: "未发送",
  retry: "重试",
  discard: "删除",
  placeholder: "输入消息，按 Enter 发送",
  message: "消息",
  send: "发送",
  tooLong: (over: number) => `超出 ${over} 字`,
  quickReplies: "快捷回复",
  suggestions: "猜您想问",
  helpful: "有帮助",
  notHelpful: "没帮助",
  rated: "感谢您的反馈",
  newMessages: "有新消息",
  sources: "来源",
  openSource: (index: number, title: string) => `查看来源 ${index}：${title}`,
  loading: "正在加载…",
  sourceUnavailable: "暂时打不开这条来源，请稍后再试",
  sourceIsOperation: "这条信息来自店铺系统的实时查询结果。",
  validFrom: (date: string) => `${date} 起有效`,
  validUntil: (date: string) => `有效期至 ${date}`,
  earlier: (count: number) => `更早的 ${count} 条记录`,
  details: "查看详情",
  submitted: "已提交",
  choose: "请选择",
};

export type Strings = typeof zh;

const en: Strings = {
  title: "Customer service",
  greeting: "Hello! How can we help you?",
  open: "Open customer service chat",
  close: "Close",
  unread: (count) => (count === 1 ? "1 unread message" : `${count} unread messages`),
  newConversation: "New conversation",
  conversationEnded: "This conversation has ended",
  log: "Messages",
  bot: "Assistant",
  agent: "Agent",
  customer: "You",
  human: "Human agent",
  humanRequested: "Connecting…",
  humanQueued: "In the queue",
  humanServing: "With an agent",
  queue: "You are in the queue, an agent will join soon",
  queuePosition: (position) => `You are in the queue, number ${position}`,
  agentServing: "You are talking to an agent",
  connecting: "Connecting…",
  offline: "Connection lost, reconnecting. Your messages will be sent when it is back",
  refused: "Customer service cannot be reached right now. Please reload the page later",
  rateLimited: "That was a little fast. Please wait a moment and try again",
  failed: "Something went wrong. Please try again, or talk to a human",
  botTyping: "The assistant is typing",
  agentTyping: "The agent is typing",
  pending: "Sending…",
  notSent: "Not sent",
  retry: "Retry",
  discard: "Delete",
  placeholder: "Type a message, Enter sends",
  message: "Message",
  send: "Send",
  tooLong: (over) => `${over} characters too long`,
  quickReplies: "Quick replies",
  suggestions: "You may want to ask",
  helpful: "Helpful",
  notHelpful: "Not helpful",
  rated: "Thank you for your feedback",
  newMessages: "New messages",
  sources: "Sources",
  openSource: (index, title) => `Open source ${index}: ${title}`,
  loading: "Loading…",
  sourceUnavailable: "This source cannot be opened right now, please try again later",
  sourceIsOperation: "This comes from a live look-up in the shop's system.",
  validFrom: (date) => `Valid from ${date}`,
  validUntil: (date) => `Valid until ${date}`,
  earlier: (count) => `Earlier (${count})`,
  details: "Details",
  submitted: "Submitted",
  choose: "Please choose",
};

/** The language of the interface for a BCP 47 tag: Chinese in all its forms, else English. */
export function localeOf(tag: string): Locale {
  return /^(zh|yue)\b/i.test(tag) ? "zh" : "en";
}

export function stringsFor(locale: Locale): Strings {
  return locale === "zh" ? zh : en;
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

export function formatBytes(size: number): string {
  return size < 1_000_000
    ? `${Math.max(1, Math.round(size / 1000))} kB`
    : `${(size / 1_000_000).toFixed(1)} MB`;
}
