// A moving window as all parts of a page show it: its output that is looked at, and the input pixel under the pointer.
import { useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import type { PictureFacts } from "../engine/pictures.ts";
import { type Cell, cellOf, cellText } from "../pixel-grid/cells.ts";
import type { Window } from "./window.ts";

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

/** The window with the output that is looked at, which is the one under the pointer, else the one in the address. */
export function useWindow(fallback: Cell): (picture: PictureFacts, window: Window) => WindowView {
  const [pointed, pointInput] = useState<Cell>();
  const [pointedOutput, pointOutput] = useState<Cell>();
  return (picture, window) => {
    const { rows, columns } = window;
    const wanted = pointedOutput ? cellText(pointedOutput) : address.value.state.at;
    return {
      picture,
      window,
      at: cellOf(wanted, rows.outputs, columns.outputs, fallback),
      pointed,
      pointInput,
      pointOutput,
      pick: (cell) => {
        pointOutput(undefined);
        keepState({ at: cellText(cell) });
      },
    };
  };
}
