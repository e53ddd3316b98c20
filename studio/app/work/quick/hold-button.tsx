// A button that does something while it is held, by the pointer or a key.
import type { ComponentChildren } from "preact";

interface Props {
  readonly isHeld: boolean;
  readonly onHold: (isHeld: boolean) => void;
  readonly children: ComponentChildren;
}

export function HoldButton({ isHeld, onHold, children }: Props) {
  const isKey = ({ key }: KeyboardEvent): boolean => key === " " || key === "Enter";
  return (
    <button
      type="button"
      class={isHeld ? "primary" : ""}
      aria-pressed={isHeld}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onHold(true);
      }}
      onPointerUp={() => onHold(false)}
      onPointerCancel={() => onHold(false)}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        if (!event.repeat) onHold(true);
      }}
      onKeyUp={(event) => isKey(event) && onHold(false)}
      onBlur={() => isHeld && onHold(false)}
    >
      {children}
    </button>
  );
}
