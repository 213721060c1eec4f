export const CHAT = "M4 5h16v11H9l-5 4z";
export const CLOSE = "M6 6l12 12M18 6L6 18";
export const RESTART = "M12 5v14M5 12h14";
export const SEND = "M5 12l15-7-5 15-3-7z";
export const HUMAN = "M5 14v-2a7 7 0 0 1 14 0v2M5 13h3v6H5zM16 13h3v6h-3z";
export const BOT = "M6 9h12v9H6zM12 5v4M9 13h.1M15 13h.1";
/** Upside down it is the other thumb. */
export const THUMB = "M8 11v9H5v-9zl4-7a2 2 0 0 1 2 2v4h6l-2 9a2 2 0 0 1-1 1H8";
