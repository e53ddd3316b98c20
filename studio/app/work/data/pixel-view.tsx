// A picture at its true pixels: each as large as somebody wants it, none blurred into another.
import { useState } from "preact/hooks";
import { Photo } from "../../ui/photo.tsx";

interface Props {
  readonly project: string;
  readonly index: number;
  readonly file: string;
  /** Its size as shown; undefined before it is known. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Pixels of the page for one of the image. */
const ZOOMS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16];
/** Width that a picture fills at first. */
const WANTED = 280;

export function PixelView({ project, index, file, width, height }: Props) {
  const [chosen, setChosen] = useState<number>();
  const fitting = width === undefined ? 1 : (ZOOMS.findLast((zoom) => zoom * width <= WANTED) ?? ZOOMS[0]!);
  const zoom = chosen ?? fitting;
  const at = ZOOMS.indexOf(zoom);
  const step = (by: number) => (
    <button
      type="button"
      class="plain"
      aria-label={by > 0 ? "Larger" : "Smaller"}
      disabled={ZOOMS[at + by] === undefined}
      onClick={() => setChosen(ZOOMS[at + by])}
    >
      {by > 0 ? "+" : "−"}
    </button>
  );
  return (
    <figure class="pixel-view">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <div class="pixel-box" tabIndex={0}>
        {width !== undefined && height !== undefined && (
          <div style={{ width: `${width * zoom}px`, height: `${height * zoom}px` }}>
            <Photo {...{ project, index }} alt={file} class={zoom >= 1 ? "pixelated" : ""} />
          </div>
        )}
      </div>
      <figcaption class="row">
        {step(-1)}
        <output>{zoom >= 1 ? `${zoom} : 1` : `1 : ${1 / zoom}`}</output>
        {step(1)}
      </figcaption>
    </figure>
  );
}
