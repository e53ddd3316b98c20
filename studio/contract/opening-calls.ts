// Calls that open something: paths of the disk, generated sets, what was opened before.
import * as z from "zod";
import { call, PATH, PROJECT } from "./call.js";
import type { RecentFacts } from "./data-facts.js";
import type { PlaceEntry, ProjectFacts, Welcome } from "./facts.js";

/** Generated sets that need no files. */
export const GENERATED = ["hanzi", "hail"] as const;
export type GeneratedSet = (typeof GENERATED)[number];

export const OPENING_CALLS = {
  /** The first call of a page. */
  hello: call<Welcome>()(z.strictObject({})),
  /** Contents of a folder; without a path the roots. */
  browse: call<readonly PlaceEntry[]>()(z.strictObject({ path: z.string().max(4096).optional() })),
  /**
   * Opens a path: images of any source, or a run with its images. An archive that was brought for it (`isBrought`) is not kept
   * where it cannot be opened.
   */
  open: call<ProjectFacts>()(z.strictObject({ path: PATH, isBrought: z.boolean().optional() })),
  /** Makes one of the generated sets, or opens it where it was made before. */
  generate: call<ProjectFacts>()(z.strictObject({ name: z.enum(GENERATED) })),
  /** A project by its name in addresses; one that was open before is opened again. */
  project: call<ProjectFacts>()(z.strictObject({ project: PROJECT })),
  /** Projects that were opened before, the last first. */
  recent: call<readonly RecentFacts[]>()(z.strictObject({})),
  /** Takes a project off the list of those opened before; its files stay. */
  forget: call<readonly RecentFacts[]>()(z.strictObject({ project: PROJECT })),
} as const;
