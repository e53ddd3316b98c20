// Projects that were opened before, with their runs: one small file in the home folder, read again before each change, for
// another Studio may have written it. A file that is damaged counts as none.
import { Turns } from "fovea/core";
import { filesHere } from "fovea/files";
import * as z from "zod";

const TEXT = z.string().min(1).max(4096);

/** Runs of a project that are kept. */
export const MOST_RUNS = 1000;

const KEPT = z.strictObject({
  id: TEXT,
  name: TEXT,
  kind: z.enum(["images", "run", "study", "model"]),
  path: TEXT,
  images: z.int().min(0),
  when: z.iso.datetime(),
  figure: z.string().max(200).optional(),
  thumbnail: z
    .string()
    .max(100_000)
    .regex(/^data:image\/png;base64,[A-Za-z0-9+/=]*$/)
    .optional(),
  runs: z.array(z.strictObject({ id: TEXT, path: TEXT })).max(MOST_RUNS),
});

const FILE = z.strictObject({ version: z.literal(1), projects: z.array(KEPT).max(100) });

export type KeptProject = z.output<typeof KEPT>;

/** Projects that are kept. */
const MOST = 24;

export class Register {
  readonly #turns = new Turns();

  constructor(readonly path: string) {}

  /** Projects that were opened before, the last first. */
  async list(): Promise<readonly KeptProject[]> {
    await this.#turns.over();
    return this.#read();
  }

  async #read(): Promise<readonly KeptProject[]> {
    try {
      return FILE.parse(JSON.parse(await filesHere.readText(this.path))).projects;
    } catch {
      return [];
    }
  }

  /** Notes what is new about a project, which then is the last that was open. */
  note(id: string, changed: (before: KeptProject | undefined) => KeptProject): Promise<void> {
    return this.#change((projects) => [
      changed(projects.find((project) => project.id === id)),
      ...projects.filter((project) => project.id !== id),
    ]);
  }

  /** Changes what is kept of a project, where something is. */
  update(id: string, changed: (before: KeptProject) => KeptProject): Promise<void> {
    return this.#change((projects) => projects.map((project) => (project.id === id ? changed(project) : project)));
  }

  forget(id: string): Promise<void> {
    return this.#change((projects) => projects.filter((project) => project.id !== id));
  }

  #change(change: (projects: readonly KeptProject[]) => readonly KeptProject[]): Promise<void> {
    const work = async (): Promise<void> => {
      const projects = change(await this.#read()).slice(0, MOST);
      await filesHere.writeAtomic(this.path, `${JSON.stringify({ version: 1, projects })}\n`);
    };
    // A home that cannot be written to forgets; the work itself goes on.
    return this.#turns.take(work).catch(() => undefined);
  }
}
