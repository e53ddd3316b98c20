// The newest result and the window that made it, as the parts of the stage show them.
import type { JobOutput } from "../engine/jobs.ts";
import type { WindowView } from "../parts/window-view.ts";
import type { Settings } from "./state.ts";

export interface View extends WindowView {
  readonly facts: JobOutput<"pool">;
  readonly kind: Settings["kind"];
  /** The channel that is shown, -1 for all together. */
  readonly channel: number;
}
