// A canvas as sharp as the screen. The figure around it describes it in words.
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

/** Pixels around the screen in which canvases are drawn before they come into view. */
const MARGIN = "300px";

export function Canvas({ width, height, draw }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = useRef<(() => void) | undefined>(undefined);
  const isNear = useRef(false);
  const colors = palette();
  useEffect(() => {
    const element = canvas.current;
    if (element === null || width <= 0) return;
    const now = (): void => {
      paint.current = undefined;
      const scale = Math.min(3, devicePixelRatio || 1);
      element.width = Math.round(width * scale);
      element.height = Math.round(height * scale);
      const pen = element.getContext("2d");
      if (pen === null) return;
      pen.scale(scale, scale);
      draw(pen, colors);
      element.dataset.drawn = "true";
    };
    paint.current = now;
    // A canvas that is off the screen waits until it comes into view.
    if (isNear.current) drawLater(element, now);
    return () => {
      forgetDrawing(element);
    };
  }, [width, height, draw, colors]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        isNear.current = entries.at(-1)?.isIntersecting ?? false;
        if (isNear.current && paint.current !== undefined) drawLater(element, paint.current);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />;
}
