import { type ButtonHTMLAttributes, h } from "preact";

/** An outline on a 24 × 24 grid. Decoration: whatever it stands on carries the name. */
export function Icon({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  path: string;
}

export function IconButton({ label, path, ...attributes }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...attributes}>
      <Icon path={path} />
    </button>
  );
}
