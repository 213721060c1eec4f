/** The address when it is a web address (relative ones count from `base`), else null: no `javascript:`, no `data:`. */
export function webAddress(url: string | null | undefined, base: string): string | null {
  if (!url || !URL.canParse(url, base)) return null;
  const parsed = new URL(url, base);
  return parsed.protocol === "http:" || parsed.protocol === "https:" ? parsed.href : null;
}

/** Decimal units, as shops and phones write them. */
export function formatBytes(size: number): string {
  return size < 1_000_000
    ? `${Math.max(1, Math.round(size / 1000))} kB`
    : `${(size / 1_000_000).toFixed(1)} MB`;
}
