// A pad to draw on, dark strokes on white as handwriting is scanned. Gives a PNG after every stroke.
import { useEffect, useRef } from "preact/hooks";
import "./drawing-pad.css";

interface Props {
  /** Side of the picture in pixels. Default 160. */
  readonly side?: number;
  readonly onDrawn: (picture: Blob) => void;
  readonly onCleared?: () => void;
  /** Changes to clear the pad. */
  readonly version?: number;
}

export function DrawingPad({ side = 160, onDrawn, onCleared, version = 0 }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<readonly [number, number] | undefined>(undefined);
  const clear = (): void => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, side, side);
  };
  useEffect(clear, [side, version]);
  const at = ({ clientX, clientY }: PointerEvent): readonly [number, number] => {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect();
    return [((clientX - left) / width) * side, ((clientY - top) / height) * side];
  };
  const draw = (event: PointerEvent): void => {
    if (last.current === undefined) return;
    const context = canvas.current!.getContext("2d")!;
    const to = at(event);
    context.strokeStyle = "#101010";
    context.lineWidth = side / 20;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(...last.current);
    context.lineTo(...to);
    context.stroke();
    last.current = to;
  };
  const end = (): void => {
    if (last.current === undefined) return;
    last.current = undefined;
    canvas.current?.toBlob((blob) => blob && onDrawn(blob));
  };
  return (
    <div class="pad">
      <canvas
        ref={canvas}
        width={side}
        height={side}
        role="img"
        aria-label="Drawing pad; draw with the mouse, a pen or a finger"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = at(event);
          draw(event);
        }}
        onPointerMove={draw}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <button
        type="button"
        onClick={() => {
          clear();
          onCleared?.();
        }}
      >
        Clear
      </button>
    </div>
  );
}
