// Calls of quick start: classes with their examples, kept as they come, and packed into an archive that is a project.
import * as z from "zod";
import { call, NAME } from "./call.js";
import type { ProjectFacts } from "./facts.js";

/** Ways that an example came. */
export const EXAMPLE_SOURCES = ["drawn", "filmed", "file"] as const;
export type ExampleSource = (typeof EXAMPLE_SOURCES)[number];

export interface Example {
  /** Name of its file: the hash of its bytes. */
  readonly file: string;
  readonly source: ExampleSource;
}

export interface ExampleClass {
  /** Stays the same when the class is renamed. */
  readonly id: string;
  readonly name: string;
  readonly examples: readonly Example[];
}

/** Classes with examples that belong together. */
export interface ExampleSet {
  readonly set: string;
  readonly classes: readonly ExampleClass[];
  /** The archive of the examples, where it has been packed, and no example has changed since. */
  readonly project?: string;
}

const SET = z.string().regex(/^[a-z0-9-]{1,40}$/, "expected a name of small letters, digits and hyphens");
const ID = z.string().min(1).max(40);
/** Some 15 MB an image. */
const IMAGE = z.string().max(20_000_000);

export const EXAMPLE_CALLS = {
  /** Sets that have examples, the last first. */
  exampleSets: call<readonly string[]>()(z.strictObject({})),
  /** A set with its classes; one that is new has two without examples. */
  examples: call<ExampleSet>()(z.strictObject({ set: SET })),
  /** Names the classes of a set in their order; a class that is left out goes with its examples. */
  nameClasses: call<ExampleSet>()(
    z.strictObject({
      set: SET,
      classes: z
        .array(z.strictObject({ id: ID, name: NAME }))
        .min(1)
        .max(100),
    }),
  ),
  /** Adds images to a class, as base64. The same bytes again count once. */
  addExamples: call<ExampleSet>()(
    z.strictObject({ set: SET, class: ID, source: z.enum(EXAMPLE_SOURCES), images: z.array(IMAGE).min(1).max(100) }),
  ),
  removeExample: call<ExampleSet>()(z.strictObject({ set: SET, class: ID, file: NAME })),
  /** Packs the examples as an archive of class folders, and opens it. */
  packExamples: call<ProjectFacts>()(z.strictObject({ set: SET })),
} as const;
