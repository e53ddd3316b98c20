// A look at all images of a project, in the background, with what it found as the page shows it.
import { FoveaError } from "fovea";
import type { FindingFacts, LookFacts } from "../contract/data-facts.js";
import type { JobFacts } from "../contract/facts.js";
import { countedNames, lookAt, modeOf, pixelsOf } from "./look.js";
import type { Project } from "./project.js";

/** Milliseconds between two pieces of news. */
const NEWS_EVERY = 200;
/** Sizes and images of a finding that are told. */
const MOST_SIZES = 12;
const MOST_EXAMPLES = 12;

export class LookJob {
  #facts: JobFacts;
  #told = 0;
  readonly #stopping = new AbortController();

  constructor(
    id: string,
    readonly project: Project,
    readonly tell: (facts: JobFacts) => void,
  ) {
    const name = `Looking at ${project.name}`;
    this.#facts = {
      ...{ id, project: project.id, kind: "look", name, state: "loading", done: 0, total: project.facts.images },
      ...{ epoch: 0, epochs: 0, history: {} },
    };
  }

  get facts(): JobFacts {
    return this.#facts;
  }

  stop(): void {
    this.#stopping.abort(new FoveaError("stopped"));
  }

  /** Looks, and leaves what it saw with the project. Ends in a state, whatever happens. */
  async work(): Promise<void> {
    const { project } = this;
    const { signal } = this.#stopping;
    try {
      signal.throwIfAborted();
      const look = await lookAt(
        {
          sources: project.lookedSources,
          count: project.facts.images,
          fileOf: (index) => project.fileOf(index),
          partOf: (index) => project.image(index).part,
          labelOf: (index) => project.image(index).label,
        },
        { signal, onProgress: (done) => this.#change({ done }) },
      );
      project.look = look;
      await project.labels.learn(look.hashes.entries());
      this.#change({ state: "done", done: this.#facts.total }, true);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#change(signal.aborted ? { state: "stopped" } : { state: "failed", error: message }, true);
    }
  }

  #change(changes: { -readonly [K in keyof JobFacts]?: JobFacts[K] }, isImportant = false): void {
    this.#facts = { ...this.#facts, ...changes };
    const now = performance.now();
    if (!isImportant && now - this.#told < NEWS_EVERY) return;
    this.#told = now;
    this.tell(this.#facts);
  }
}

/** What a look told, as the page shows it. */
export function lookFacts(project: Project): LookFacts {
  const { look } = project;
  if (look === undefined) return { isComplete: false, sizes: [], modes: [], findings: [] };
  const all = Array.from({ length: project.facts.images }, (_, index) => index);
  return {
    isComplete: true,
    sizes: countedNames(all.map((index) => pixelsOf(look, index))).slice(0, MOST_SIZES),
    modes: countedNames(all.map((index) => modeOf(look, index))),
    findings: look.findings.map(
      ({ images, ...finding }): FindingFacts => ({
        ...finding,
        count: images.length,
        examples: images.slice(0, MOST_EXAMPLES).map((index) => {
          const { part } = project.image(index);
          return { index, file: project.fileOf(index), ...(part === undefined ? {} : { part }) };
        }),
      }),
    ),
  };
}
