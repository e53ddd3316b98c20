// Long work on the main thread that lets others have a turn: signals, timers, the page.

/** Milliseconds of work after which the event loop gets a turn. */
const TURN_MS = 50;

/** Gives the event loop a turn now and then. The clock decides when, and nothing else depends on it. */
export function breather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN_MS) return;
    await new Promise((resume) => setTimeout(resume));
    last = performance.now();
  };
}
