// A canvas as sharp as the screen. What it shows is said in words by the figure around it.
import { useEffect, useRef } from "preact/hooks";
import { drawLater, forgetDrawing } from "./draw-queue.ts";
import { type Palette, palette } from "./palette.ts";

export type Draw = (pen: CanvasRenderingContext2D, colors: Palette) => void;

interface Props {
  readonly width: number;
  readonly height: number;
  /** Draws in pixels of the page; another function draws again. */
  readonly draw: Draw;
}

export function Canvas({ width, height, draw }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = palette();
  useEffect(() => {
    const element = canvas.current;
    if (element === null || width <= 0) return;
    drawLater(element, () => {
      const scale = Math.min(3, devicePixelRatio || 1);
      element.width = Math.round(width * scale);
      element.height = Math.round(height * scale);
      const pen = element.getContext("2d");
      if (pen === null) return;
      pen.scale(scale, scale);
      draw(pen, colors);
      element.dataset.drawn = "true";
    });
    return () => {
      forgetDrawing(element);
    };
  }, [width, height, draw, colors]);
  return <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />;
}
