// Decisions on their way to a log that is shared: those of many requests are added together, and each request waits until its
// own are on the disk, so that nobody is told an answer that the log does not have.
import { type DecisionLog, openDecisionLog } from "../experiment/decisions/index.js";

type Decisions = Parameters<DecisionLog["add"]>[0];

export class DecisionWriter {
  readonly #log: DecisionLog;
  #waiting: Decisions[number][] = [];
  /** The addition that begins once the one before is done. */
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  private constructor(log: DecisionLog) {
    this.#log = log;
  }

  /** @throws FoveaError for a file that is no decision log */
  static async open(path: string): Promise<DecisionWriter> {
    return new DecisionWriter(await openDecisionLog(path));
  }

  /** Resolves once the decisions are in the log. */
  add(decisions: Decisions): Promise<void> {
    for (const decision of decisions) this.#waiting.push(decision);
    this.#next ??= this.#last.catch(() => undefined).then(() => this.#flush());
    return this.#next;
  }

  async #flush(): Promise<void> {
    const decisions = this.#waiting;
    this.#waiting = [];
    const adding = this.#log.add(decisions).then(() => undefined);
    this.#last = adding;
    this.#next = undefined;
    return adding;
  }
}
