import type { CardPart } from "../protocol";

export const FILE = "M7 4h7l4 4v12H7zM14 4v4h4";

export const CARDS: Record<CardPart["kind"], string> = {
  order: "M6 4h12v16l-3-2-3 2-3-2-3 2zM9 9h6M9 13h6",
  parcel: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  ticket: "M4 7h16v4a1.5 1.5 0 0 0 0 3v3H4v-3a1.5 1.5 0 0 0 0-3zM14 7v10",
  product: "M6 8h12l1 12H5zM9 8V7a3 3 0 0 1 6 0v1",
  receipt: "M5 12.5l4.5 4.5L19 7.5",
};
