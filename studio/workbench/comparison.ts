// Two runs beside each other, as the library compares them: the settings that differ, and their test figures on the images
// that both were judged by.
import { compareRuns } from "fovea/experiment";
import type { RunComparison } from "../contract/facts.js";

/** @throws FoveaError for a run that has not ended, or whose files are damaged */
export async function comparedRuns(first: string, second: string): Promise<RunComparison> {
  const { pairs } = await compareRuns([first, second]);
  const { settings, figures, shared, tested, mcnemar } = pairs[0]!;
  return { settings, figures, shared, tested, ...(mcnemar && { mcnemar }) };
}
