// The turn of a chart to be built: of many on a page each is built in a task of its own, so that keys and pointers are answered
// between them.
import { useEffect, useState } from "preact/hooks";
import { drawLater, forgetDrawing } from "./draw-queue.ts";

/** Tells whether the turn of a chart has come. @param isFirst true for charts that the others wait for */
export function useTurn(isFirst: boolean): boolean {
  const [hasCome, setCome] = useState(isFirst);
  useEffect(() => {
    if (hasCome) return;
    const chart = {};
    drawLater(chart, () => setCome(true));
    return () => {
      forgetDrawing(chart);
    };
  }, []);
  return hasCome;
}
