import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Strings } from "../i18n";
import type { Citation } from "../protocol";
import type { ChatSession } from "../session";
import type { Settings } from "../settings";
import type { ChatState } from "../store";

export interface Chat {
  session: ChatSession;
  settings: Settings;
  strings: Strings;
  openSource: (citation: Citation) => void;
}

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (chat === null) throw new Error("a chat component was rendered outside of the widget");
  return chat;
}

export function useChatState(session: ChatSession): ChatState {
  const [state, setState] = useState(session.store.state);
  useEffect(() => {
    const update = () => setState(session.store.state);
    update();
    return session.store.subscribe(update);
  }, [session]);
  return state;
}
