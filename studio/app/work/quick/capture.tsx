// The ways to give a class examples: the webcam while a button is held, drawings, files.
import { useRef, useState } from "preact/hooks";
import type { ExampleSource } from "../../../contract/example-calls.js";
import { DrawingPad } from "../../ui/drawing-pad.tsx";
import { Webcam } from "../../ui/webcam.tsx";
import { HoldButton } from "./hold-button.tsx";

interface Props {
  /** Name of the class. */
  readonly name: string;
  readonly onAdd: (source: ExampleSource, images: readonly Blob[]) => Promise<void>;
}

type Way = "film" | "draw";
/** Milliseconds between frames that are recorded. */
const EVERY = 120;

export function Capture({ name, onAdd }: Props) {
  const [source, setSource] = useState<Way>();
  const input = useRef<HTMLInputElement>(null);
  const button = (wanted: Way, title: string) => (
    <button
      type="button"
      aria-pressed={source === wanted}
      aria-label={`${title}: examples of ${name}`}
      onClick={() => setSource(source === wanted ? undefined : wanted)}
    >
      {title}
    </button>
  );
  return (
    <div class="capture">
      <div class="row">
        {button("film", "Webcam")}
        {button("draw", "Draw")}
        <button type="button" aria-label={`Files: examples of ${name}`} onClick={() => input.current?.click()}>
          Files
        </button>
        <input
          ref={input}
          type="file"
          hidden
          multiple
          accept="image/*"
          aria-label={`Files of ${name}`}
          onChange={({ currentTarget }) => {
            const images = [...(currentTarget.files ?? [])];
            currentTarget.value = "";
            if (images.length > 0) onAdd("file", images);
          }}
        />
      </div>
      {source === "film" && <Film onAdd={onAdd} />}
      {source === "draw" && <Draw onAdd={onAdd} />}
    </div>
  );
}

function Film({ onAdd }: Pick<Props, "onAdd">) {
  const [isHeld, setHeld] = useState(false);
  const held = useRef(false);
  return (
    <>
      <Webcam every={EVERY} onFrame={(picture) => (held.current ? onAdd("filmed", [picture]) : undefined)} />
      <HoldButton
        isHeld={isHeld}
        onHold={(now) => {
          held.current = now;
          setHeld(now);
        }}
      >
        {isHeld ? "Recording ..." : "Hold to record"}
      </HoldButton>
    </>
  );
}

function Draw({ onAdd }: Pick<Props, "onAdd">) {
  const [drawn, setDrawn] = useState<Blob>();
  const [version, setVersion] = useState(0);
  return (
    <div class="drawing">
      <DrawingPad version={version} onDrawn={setDrawn} onCleared={() => setDrawn(undefined)} />
      <button
        type="button"
        disabled={drawn === undefined}
        onClick={async () => {
          if (drawn === undefined) return;
          setDrawn(undefined);
          setVersion(version + 1);
          await onAdd("drawn", [drawn]);
        }}
      >
        Add drawing
      </button>
    </div>
  );
}
