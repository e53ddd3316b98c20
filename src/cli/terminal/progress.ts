// One line that shows how far some work is: redrawn in place in a terminal; in a pipe a plain line now and then for
// work that takes long, and one at the end.
import { duration, rough, whole } from "../../report/format.js";
import { cutColumns, textColumns } from "../../report/text/width.js";

/** The part of a Node stream that is needed. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A terminal is redrawn this often, a pipe gets a line this often. */
const REDRAW_MS = 80;
const PLAIN_MS = 10_000;
const BAR_COLUMNS = [20, 8] as const;
const LEAST_SECONDS = 0.3;
/** A rate is told for the first of these in which at least one unit is done. */
const PERIODS = [
  [1, "s"],
  [60, "min"],
  [3600, "h"],
] as const;
const CLEAR_TO_END = "\u001b[K";

const now = (): number => performance.now();

export class ProgressLine {
  readonly #started = now();
  #last: number;

  /** Without a stream nothing is shown. */
  constructor(
    readonly label: string,
    readonly stream: TextStream | undefined,
  ) {
    // The first redraw comes at once, the first plain line not before its time.
    this.#last = stream?.isTTY ? -Infinity : this.#started;
  }

  /** Seconds since the work began. */
  get seconds(): number {
    return (now() - this.#started) / 1000;
  }

  /**
   * So many of `total` units are done; `tail` says more, and is cut where the line ends.
   * @param limit seconds from the beginning after which the work is ended, done or not
   */
  update(done: number, total: number, unit: string, tail = "", limit = Infinity): void {
    if (this.stream === undefined) return;
    const terminal = this.stream.isTTY === true;
    const time = now();
    if (time - this.#last < (terminal ? REDRAW_MS : PLAIN_MS)) return;
    this.#last = time;
    const counts = `${whole(done).padStart(whole(total).length)}/${whole(total)}`;
    const facts = [...pace(done, total, unit, this.seconds, limit), ...(tail === "" ? [] : [tail])];
    if (terminal) this.#redraw(done / total, counts, facts);
    else this.stream.write(`${[this.label, counts, ...facts].join("  ")}\n`);
  }

  /** Ends the line with `text` in its place; without any it disappears. */
  end(text = ""): void {
    if (this.stream === undefined) return;
    const start = this.stream.isTTY ? `\r${CLEAR_TO_END}` : "";
    this.stream.write(start + (text === "" ? "" : `${text}\n`));
  }

  /** The text of the line: short of room, the bar shrinks first, then the counts go, which the bar shows as well. */
  #redraw(share: number, counts: string, facts: readonly string[]): void {
    const columns = (this.stream!.columns ?? 80) - 1;
    const fits = (barColumns: number, ...texts: readonly string[]): string | undefined => {
      const line = [`${this.label} ${bar(share, barColumns)}`, ...texts, ...facts].join("  ");
      return textColumns(line) <= columns ? line : undefined;
    };
    const [widest, narrowest] = BAR_COLUMNS;
    const line = fits(widest, counts) ?? fits(narrowest, counts) ?? fits(widest) ?? fits(narrowest);
    const cut = line ?? cutColumns([`${this.label} ${bar(share, narrowest)}`, ...facts].join("  "), columns);
    this.stream!.write(`\r${cut}${CLEAR_TO_END}`);
  }
}

/**
 * Rate of work and time left, as far as both are known after some seconds.
 * @param limit seconds from the beginning after which it is ended, done or not
 */
export function pace(done: number, total: number, unit: string, seconds: number, limit = Infinity): string[] {
  // A rate over next to no time, or of nothing done yet, would be any number.
  const rate = seconds >= LEAST_SECONDS ? done / seconds : 0;
  const left = Math.min(rate > 0 ? (total - done) / rate : Infinity, limit - seconds);
  const [size, name] = PERIODS.find(([period]) => rate * period >= 1) ?? PERIODS.at(-1)!;
  return [
    ...(rate > 0 ? [`${rough(rate * size)} ${unit}/${name}`] : []),
    ...(left <= 0 && done < total ? ["time is up"] : left < Infinity ? [`${duration(Math.max(0, left))} left`] : []),
  ];
}

const bar = (share: number, columns: number): string =>
  "━".repeat(Math.floor(Math.min(1, share) * columns)).padEnd(columns, "┄");
