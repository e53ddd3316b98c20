// The objective as shades over its plane: the darker, the better.
import { useLayoutEffect, useRef } from "preact/hooks";
import { OBJECTIVE_FACTS, type ObjectiveName } from "./objectives.ts";

const CELLS = 90;
/** Opacity at the top. */
const DARKEST = 0.6;
/** A grey that shows on light and on dark. */
const SHADE = [120, 132, 150] as const;

export function Landscape({ objective }: { readonly objective: ObjectiveName }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const { evaluate } = OBJECTIVE_FACTS[objective];
    const image = new ImageData(CELLS, CELLS);
    for (let at = 0; at < CELLS * CELLS; at++) {
      const value = evaluate(((at % CELLS) + 0.5) / CELLS, 1 - (Math.floor(at / CELLS) + 0.5) / CELLS);
      image.data.set([...SHADE, 255 * DARKEST * Math.min(1, Math.max(0, value))], 4 * at);
    }
    canvas.current?.getContext("2d")?.putImageData(image, 0, 0);
  }, [objective]);
  return <canvas ref={canvas} class="landscape" width={CELLS} height={CELLS} />;
}
