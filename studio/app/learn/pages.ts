// The lecture's pages in their order: one record a page, a total table. A page's module is loaded when it is opened.
import type { ComponentType } from "preact";
import type { CodeFacts } from "../../contract/facts.js";

/** A page's parts. It reads and keeps its state in the address. */
export interface LearnPage {
  /** The stage, the controls under it and the numbers. */
  readonly Stage: ComponentType;
  readonly challenges: readonly Challenge[];
  /** The lines that do the same as the page in this state. */
  readonly code: (state: Readonly<Record<string, string>>) => CodeFacts;
}

/** Something to try, which the page itself checks. */
export interface Challenge {
  readonly id: string;
  /** A sentence that says what to reach. */
  readonly task: string;
  /** Tells from the page's state whether it is reached. */
  readonly isSolved: (state: Readonly<Record<string, string>>) => boolean;
  /** Help, folded away until it is asked for. */
  readonly Aid?: ComponentType;
}

interface Entry {
  readonly title: string;
  /** One sentence of what the page shows. */
  readonly sentence: string;
  readonly load: () => Promise<LearnPage>;
}

export const LEARN_PAGES = {
  numbers: {
    title: "An image as numbers",
    sentence: "A picture is a block of bytes: rows, columns and three channels, each number from 0 to 255.",
    load: () => import("./numbers/page.ts").then(({ page }) => page),
  },
  convolution: {
    title: "Convolution",
    sentence: "A small block of weights sweeps over the picture; where it stands, products are added up to one number.",
    load: () => import("./convolution/page.ts").then(({ page }) => page),
  },
  pooling: {
    title: "Pooling",
    sentence: "A window keeps one number of all that it covers, the largest or the mean, in each channel by itself.",
    load: () => import("./pooling/page.ts").then(({ page }) => page),
  },
  networks: {
    title: "Networks",
    sentence:
      "LeNet-5, AlexNet and the lecture's CNN, layer by layer: click one for its shape, its weights and its maps of a picture.",
    load: () => import("./networks/page.ts").then(({ page }) => page),
  },
  augmentation: {
    title: "Augmentation",
    sentence:
      "One picture, sixteen variants: while a network trains, it never gets to see quite the same picture twice.",
    load: () => import("./augmentation/page.ts").then(({ page }) => page),
  },
  features: {
    title: "What layers learn",
    sentence:
      "Noise grows into what one channel fires hardest for: simple in an early layer, strokes and corners in a deep one.",
    load: () => import("./features/page.ts").then(({ page }) => page),
  },
  tuning: {
    title: "Tuning",
    sentence:
      "Two ways to search the same plane with as many trials: a grid tries few values of each setting, chance tries many.",
    load: () => import("./tuning/page.ts").then(({ page }) => page),
  },
  transfer: {
    title: "Transfer",
    sentence:
      "A network that has learned 600 characters distinguishes two others with a new head: freeze some of it, train the rest.",
    load: () => import("./transfer/page.ts").then(({ page }) => page),
  },
} as const satisfies Readonly<Record<string, Entry>>;

export const LEARN_ORDER: readonly (readonly [id: string, entry: Entry])[] = Object.entries<Entry>(LEARN_PAGES);
