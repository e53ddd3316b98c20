// Answers of a model about a batch of images, counted as they come: those of `predict`, or the lines of a decision log.
import { Random, STREAM } from "../../core/random.js";
import type { PredictionSignals } from "./signals.js";

/** An answer as `predict --json` and decision logs have it; one with an error is none. */
export interface SignalAnswer {
  /** False where a person is to look. It changes no signal. */
  readonly accepted?: boolean;
  /** The reason why there is no answer; absent where there is one. */
  readonly error?: unknown;
  /** Classes of a classification with their probabilities, the most probable first. */
  readonly top?: readonly { readonly class: string; readonly probability: number }[] | undefined;
  /** Labels of a multi-label model, each given or not. */
  readonly labels?: readonly { readonly label: string; readonly given: boolean }[] | undefined;
  /** The number of a regression with one target. */
  readonly value?: number | string | undefined;
  /** The numbers of a regression with several targets. */
  readonly values?: readonly (number | string)[] | undefined;
  /** Names of `values`; without them those that the tally was made with. */
  readonly names?: readonly string[] | undefined;
  /** Objects of a detection with their classes. */
  readonly boxes?: readonly { readonly label: string }[] | undefined;
  /** Areas of a segmentation's classes, in percent of the image. */
  readonly mask?: { readonly areas: readonly { readonly class: string; readonly percent: number }[] } | undefined;
}

/** The most numbers that are kept of each kind. */
const MOST_SAMPLED = 2000;

/**
 * Some numbers out of any count of them, each as likely (Vitter's algorithm R, 1985), the same ones each time.
 * @example
 * const sample = new NumberSample();
 * for (let i = 0; i < 5000; i++) sample.add(i);
 * sample.values.length; // 2000
 */
export class NumberSample {
  /** The numbers that are kept, at most 2,000. */
  readonly values: number[] = [];
  readonly #random = new Random(0, STREAM.user);
  #seen = 0;

  /**
   * Takes a number, which may replace another.
   * @param value The number.
   */
  add(value: number): void {
    this.#seen++;
    if (this.values.length < MOST_SAMPLED) this.values.push(value);
    else {
      const at = this.#random.integer(this.#seen);
      if (at < MOST_SAMPLED) this.values[at] = value;
    }
  }
}

/**
 * Counts of answers as they come, of which nothing but signals is kept.
 * @example
 * const tally = new PredictionTally(["cat", "dog"]);
 * tally.add({ top: [{ class: "dog", probability: 0.9 }] });
 * tally.add({ error: "the file is empty" });
 * tally.signals(); // { kind: "classes", names: ["cat", "dog"], counts: [0, 1], confidence: [0.9] }
 * tally.failed; // 1
 */
export class PredictionTally {
  #kind: PredictionSignals["kind"] | undefined;
  #images = 0;
  #failed = 0;
  readonly #counts = new Map<string, number>();
  readonly #samples = new Map<string, NumberSample>();

  /** @param names classes, labels or targets that are known before, in their order */
  constructor(names: readonly string[] = []) {
    for (const name of names) this.#counts.set(name, 0);
  }

  /** Images with an answer. */
  get images(): number {
    return this.#images;
  }

  /** Images without one. */
  get failed(): number {
    return this.#failed;
  }

  /**
   * Counts an answer; one with an error, or of another kind than those before, counts as failed.
   * @param received The answer.
   */
  add(received: SignalAnswer): void {
    const answer = { ...received, ...this.#numbersIn(received) };
    const { top, labels, values = answer.value === undefined ? undefined : [answer.value] } = answer;
    const kind = top?.[0] ? "classes" : labels ? "labels" : values ? "numbers" : undefined;
    if (answer.error !== undefined || kind === undefined || (this.#kind ?? kind) !== kind) {
      this.#failed++;
      return;
    }
    this.#kind = kind;
    this.#images++;
    if (kind === "classes") {
      this.#count(top![0]!.class, 1);
      this.#sample("", top![0]!.probability);
    } else if (kind === "labels") for (const { label, given } of labels!) this.#count(label, Number(given));
    else {
      const known = [...this.#counts.keys()];
      for (const [at, value] of values!.entries()) {
        const name = answer.names?.[at] ?? known[at] ?? `output ${at + 1}`;
        this.#count(name, 1);
        if (typeof value === "number") this.#sample(name, value);
      }
    }
  }

  /** Undefined where no image has an answer. */
  signals(): PredictionSignals | undefined {
    const names = [...this.#counts.keys()];
    const counts = [...this.#counts.values()];
    const sampled = (name: string): readonly number[] => this.#samples.get(name)?.values ?? [];
    if (this.#kind === "classes") return { kind: "classes", names, counts, confidence: sampled("") };
    if (this.#kind === "labels") return { kind: "labels", names, counts };
    return this.#kind && { kind: "numbers", names, values: names.map(sampled) };
  }

  /** Numbers that stand for masks and boxes: the areas of classes, and how many objects of each there are. */
  #numbersIn({ mask, boxes }: SignalAnswer): Pick<SignalAnswer, "names" | "values"> {
    if (mask !== undefined)
      return { names: mask.areas.map((area) => area.class), values: mask.areas.map(({ percent }) => percent) };
    if (boxes === undefined) return {};
    const names = [...this.#counts.keys()];
    return { names, values: names.map((name) => boxes.filter(({ label }) => label === name).length) };
  }

  #count(name: string, times: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  #sample(name: string, value: number): void {
    let sample = this.#samples.get(name);
    if (sample === undefined) {
      sample = new NumberSample();
      this.#samples.set(name, sample);
    }
    sample.add(value);
  }
}
