import type { Settings } from "../settings";

export interface Passage {
  passage_id: string;
  source: string;
  title: string;
  heading: string[];
  text: string;
  effective_from: string | null;
  effective_to: string | null;
}

/** The passage behind a citation. Throws when the server does not answer with one. */
export async function fetchPassage(settings: Settings, id: string, signal: AbortSignal): Promise<Passage> {
  const url = `${settings.origin}/v1/knowledge/passages/${encodeURIComponent(id)}`;
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${settings.key}` }, signal });
  if (!answer.ok) throw new Error(`passage ${id}: ${answer.status}`);
  return answer.json();
}
