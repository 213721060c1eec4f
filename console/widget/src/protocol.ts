/** The frames of `GET /v1/ws`, as they travel. Names are those of the wire. */
import type { Locale } from "./i18n";

export type Owner = "bot" | "queue" | "agent";
export type Role = "customer" | "bot" | "agent" | "notice";
export type Rating = "up" | "down";

export interface QuickReply {
  label: string;
  message: string;
}

export interface TextPart {
  type: "text";
  text: string;
}

export interface QuickRepliesPart {
  type: "quick_replies";
  options: QuickReply[];
}

export interface CardPart {
  type: "card";
  kind: "order" | "parcel" | "ticket" | "product" | "receipt";
  title: string;
  subtitle?: string | null;
  status?: string | null;
  fields?: { label: string; value: string }[];
  timeline?: { time: string; text: string }[];
  actions?: QuickReply[];
  url?: string | null;
}

export interface NoticePart {
  type: "notice";
  text: string;
  level: "info" | "warning";
}

export interface ImagePart {
  type: "image";
  url: string;
  alt: string;
}

export interface FilePart {
  type: "file";
  url: string;
  name: string;
  size?: number | null;
}

export interface FormField {
  name: string;
  label: string;
  type: "text" | "tel" | "email" | "textarea" | "select";
  required?: boolean;
  options?: string[];
}

export interface FormPart {
  type: "form";
  title: string;
  fields: FormField[];
  submit: string;
}

/** The parts that take more than words to show. */
export type RichPart = CardPart | FormPart | ImagePart | FilePart;

export type Part = TextPart | QuickRepliesPart | NoticePart | RichPart;

export interface Citation {
  index: number;
  passage_id: string;
  source: string;
  title: string;
  score?: number;
}

export interface HistoryItem {
  seq: number;
  message_id: string;
  role: Role;
  at: string;
  parts: Part[];
  citations?: Citation[];
  feedback?: Rating | null;
  client_message_id?: string | null;
}

/** What the widget reads of the response of design §4.2. */
export interface ChatResponse {
  conversation_id: string;
  turn_id: string;
  reply: string;
  parts: Part[];
  citations: Citation[];
  /** The queue that the conversation is in after this turn, or null while the bot answers. */
  handoff?: { position: number | null } | null;
}

/** An RFC 9457 problem document. */
export interface Problem {
  type?: string;
  title?: string;
  status: number;
  code: string;
  detail?: string;
}

export type ClientFrame =
  | {
      type: "hello";
      key: string;
      customer_token: string | null;
      conversation_id: string | null;
      visitor_id: string;
      /** The last `seq` that is known here; what came after it is the history of the welcome. */
      after: number | null;
      locale: Locale;
    }
  | { type: "message"; client_message_id: string; message: string; attachments: [] }
  | { type: "typing"; typing: boolean }
  | { type: "feedback"; message_id: string; value: Rating }
  | { type: "handoff"; client_message_id: string }
  | { type: "ping" };

export type ServerFrame =
  | {
      type: "welcome";
      /** Null before the first message, and for a conversation that this customer does not have. */
      conversation_id: string | null;
      customer?: { id: string; name?: string | null } | null;
      owner: Owner;
      resolved: boolean;
      history: HistoryItem[];
      last_seq: number;
    }
  | {
      type: "accepted";
      client_message_id: string | null;
      message_id: string;
      conversation_id: string;
      /** Null when the message was resent and had been stored before. */
      seq: number | null;
    }
  | { type: "status"; turn_id: string; text: string }
  | { type: "delta"; turn_id: string; text: string }
  | { type: "part"; turn_id: string; part: Part }
  | {
      type: "done";
      turn_id: string;
      /** Null, like the `message_id`, when the message was resent and had been answered before. */
      seq: number | null;
      message_id: string | null;
      /** The customer's messages that this turn answers, and those of them that came over this connection. */
      answers: string[];
      client_message_ids: string[];
      response: ChatResponse;
    }
  | { type: "error"; client_message_id: string | null; problem: Problem }
  | { type: "message"; seq: number; message: HistoryItem }
  | { type: "typing"; who: "customer" | "bot" | "agent"; typing: boolean }
  | { type: "owner"; owner: Owner; position?: number | null }
  | { type: "resolved" }
  | { type: "pong" };

/** Null for what is no frame. */
export function parseServerFrame(data: string): ServerFrame | null {
  try {
    const frame: ServerFrame | null = JSON.parse(data);
    return frame?.type ? frame : null;
  } catch {
    return null;
  }
}
