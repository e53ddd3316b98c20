// Bytes as a picture: a canvas of as many pixels as it has, enlarged without smoothing.
import { useLayoutEffect, useRef } from "preact/hooks";
import { rgbaOf } from "./paint.ts";

interface Props {
  readonly picture: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
    readonly data: ArrayLike<number>;
  };
  /** A name for the picture, where nothing beside it says one. */
  readonly label?: string;
  readonly class?: string;
}

export function Pixels({ picture, label, class: className = "" }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = picture;
  useLayoutEffect(() => {
    const image = new ImageData(rgbaOf(picture), width, height);
    canvas.current?.getContext("2d")?.putImageData(image, 0, 0);
  }, [picture, width, height]);
  return (
    <canvas
      ref={canvas}
      class={`pixels pixelated ${className}`}
      width={width}
      height={height}
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    />
  );
}
