/** Outlines on a 24 × 24 grid. */
const PATHS = {
  chat: "M4 5h16v11H9l-5 4zM8.5 10.5h.01M12 10.5h.01M15.5 10.5h.01",
  close: "M6 6l12 12M18 6L6 18",
  minimise: "M6 9l6 6 6-6",
  restart: "M12 5v14M5 12h14",
  send: "M5 12l15-7-5 15-3.5-6.5zM11.5 13.5L20 5",
  human:
    "M5 14v-2a7 7 0 0 1 14 0v2M5 13h3v6H6a1 1 0 0 1-1-1zM19 13h-3v6h2a1 1 0 0 0 1-1zM18 19c0 1.5-2 2.5-5 2.5",
  bot: "M6 9h12v9H6zM12 5v4M9.5 13h.01M14.5 13h.01M4 12v3M20 12v3",
  up: "M8 11v9H5v-9zM8 11l4-7a2 2 0 0 1 2 2.5V10h4.5a1.5 1.5 0 0 1 1.5 1.8l-1.2 6.7A1.8 1.8 0 0 1 17 20H8",
  down: "M8 13V4H5v9zM8 13l4 7a2 2 0 0 0 2-2.5V14h4.5a1.5 1.5 0 0 0 1.5-1.8l-1.2-6.7A1.8 1.8 0 0 0 17 4H8",
  file: "M7 4h7l4 4v12H7zM14 4v4h4",
  order: "M6 4h12v16l-3-2-3 2-3-2-3 2zM9 9h6M9 13h6",
  parcel: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  ticket: "M4 7h16v4a1.5 1.5 0 0 0 0 3v3H4v-3a1.5 1.5 0 0 0 0-3zM14 7v10",
  product: "M6 8h12l1 12H5zM9 8V7a3 3 0 0 1 6 0v1",
  receipt: "M5 12.5l4.5 4.5L19 7.5",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: whatever it stands on carries the name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
