// Tasks of a page's thread, which must not last while something trains.
import type { Page } from "playwright-core";

/** Tasks of a page since they were watched. */
export interface Tasks {
  /** Milliseconds. */
  readonly longest: number;
  /** Milliseconds in tasks over 50 ms. */
  readonly busy: number;
  readonly seconds: number;
}

/** Notes tasks of the page's thread from now on. */
const WATCH_TASKS = `
  const began = performance.now();
  const durations = [];
  const note = (entries) => durations.push(...entries.map(({ duration }) => duration));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "longtask" });
  window.tasks = () => {
    note(observer.takeRecords());
    const busy = durations.reduce((sum, one) => sum + one, 0);
    return { longest: Math.max(0, ...durations), busy, seconds: (performance.now() - began) / 1000 };
  };
  undefined;
`;

/** Notes tasks of the page's thread from now on. @returns a function that tells of them */
export async function watchedTasks(page: Page): Promise<() => Promise<Tasks>> {
  await page.evaluate(WATCH_TASKS);
  return async () => (await page.evaluate("window.tasks()")) as Tasks;
}
