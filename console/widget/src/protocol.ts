/** The frames of `GET /v1/ws`, as they travel. Names are those of the wire. */

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

export type Part = TextPart | QuickRepliesPart | CardPart | NoticePart | ImagePart | FilePart | FormPart;

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
      after: number | null;
    }
  | { type: "message"; client_message_id: string; message: string; attachments: [] }
  | { type: "typing"; typing: boolean }
  | { type: "feedback"; message_id: string; value: Rating }
  | { type: "handoff" }
  | { type: "ping" };

export type ServerFrame =
  | {
      type: "welcome";
      conversation_id: string;
      customer?: { id: string; name?: string | null } | null;
      owner: Owner;
      history: HistoryItem[];
      last_seq: number;
      resolved?: boolean;
    }
  | { type: "accepted"; client_message_id: string; message_id: string; seq: number }
  | { type: "status"; turn_id: string; text: string }
  | { type: "delta"; turn_id: string; text: string }
  | { type: "part"; turn_id: string; part: Part }
  | {
      type: "done";
      turn_id: string;
      seq: number;
      message_id?: string;
      client_message_ids: string[];
      response: ChatResponse;
    }
  | { type: "error"; client_message_id: string | null; problem: Problem }
  | { type: "message"; seq: number; message: HistoryItem }
  | { type: "typing"; who: "bot" | "agent"; typing: boolean }
  | { type: "owner"; owner: Owner; position?: number | null }
  | { type: "resolved" }
  | { type: "pong" };

const SERVER_FRAME_TYPES: ReadonlySet<string> = new Set<ServerFrame["type"]>([
  "welcome",
  "accepted",
  "status",
  "delta",
  "part",
  "done",
  "error",
  "message",
  "typing",
  "owner",
  "resolved",
  "pong",
]);

/** Null for what is no frame, and for frames of a newer server that this widget does not know. */
export function parseServerFrame(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame !== "object" || frame === null || !("type" in frame)) return null;
    return SERVER_FRAME_TYPES.has(String(frame.type)) ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
