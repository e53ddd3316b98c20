// Drawings wait for one another: each is a task of its own, so that many charts never hold the page for long. A newer
// drawing of a canvas takes the place of the one that waits.
const waiting = new Map<object, () => void>();
let isRunning = false;
const { port1, port2 } = new MessageChannel();

port1.onmessage = () => {
  const [next] = waiting;
  if (next === undefined) {
    isRunning = false;
    return;
  }
  waiting.delete(next[0]);
  next[1]();
  port2.postMessage(0);
};

/** Draws when those before have been drawn. */
export function drawLater(canvas: object, draw: () => void): void {
  waiting.delete(canvas);
  waiting.set(canvas, draw);
  if (isRunning) return;
  isRunning = true;
  port2.postMessage(0);
}

export const forgetDrawing = (canvas: object): boolean => waiting.delete(canvas);
