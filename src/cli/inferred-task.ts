// The task that the layout of the data tells, for commands that nobody told it: said in a line.
import { inferTask } from "../experiment/data/index.js";
import { dataWishFrom, type TaskOptions } from "./task-options.js";
import type { Output } from "./terminal/output.js";

/**
 * Options with the task of masks or annotated objects in the data, where no option says or implies one.
 * @throws FoveaError where the data have both
 */
export async function withInferredTask<O extends TaskOptions>(options: O, path: string, output: Output): Promise<O> {
  if (options.target !== undefined || dataWishFrom(options).task !== undefined) return options;
  const found = await inferTask(path);
  if (found === undefined) return options;
  output.say(`Note: ${found.sentence}.`);
  return { ...options, task: found.task };
}
