// A moving window as all parts of a page show it: its output that is looked at, and the input pixel under the pointer.
import { useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { type Cell, cellOf, cellText } from "../../pixel-grid/cells.ts";
import type { PictureFacts } from "../engine/pictures.ts";
import { type Padding, type Window, windowOf } from "./window.ts";

export interface WindowView {
  readonly picture: PictureFacts;
  readonly window: Window;
  /** The output that is looked at. */
  readonly at: Cell;
  /** The input pixel under the pointer. */
  readonly pointed: Cell | undefined;
  readonly pointInput: (cell: Cell | undefined) => void;
  readonly pointOutput: (cell: Cell | undefined) => void;
  /** Moves the window to an output. */
  readonly pick: (cell: Cell) => void;
}

/** A layer's settings that place its window. */
interface WindowLayer {
  readonly size: number;
  readonly strides: number;
  readonly padding: Padding;
}

/**
 * The window with the output that is looked at, which is the one under the pointer, else the one in the address; undefined
 * until there is a picture with a layer's result.
 * @param fallback the output of an address that names none
 */
export function useWindow(
  fallback: Cell,
  picture: PictureFacts | undefined,
  layer: WindowLayer | undefined,
): WindowView | undefined {
  const [pointed, pointInput] = useState<Cell>();
  const [pointedOutput, pointOutput] = useState<Cell>();
  if (picture === undefined || layer === undefined) return undefined;
  const window = windowOf(picture.height, picture.width, layer.size, layer.strides, layer.padding);
  const wanted = pointedOutput ? cellText(pointedOutput) : address.value.state.at;
  return {
    picture,
    window,
    at: cellOf(wanted, window.rows.outputs, window.columns.outputs, fallback),
    pointed,
    pointInput,
    pointOutput,
    pick: (cell) => {
      pointOutput(undefined);
      keepState({ at: cellText(cell) });
    },
  };
}
