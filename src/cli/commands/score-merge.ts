// `fovea score merge`: the parts of all shards as one table.
import { type Command, Option } from "commander";
import { UsageError } from "../../core/errors.js";
import { expanded } from "../../experiment/data/index.js";
import { formOf, mergeScores } from "../../experiment/scoring/index.js";
import { whole } from "../../report/format.js";
import { addCommonOptions, COMMON_GROUP, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out?: string;
}

/** Adds the command below `fovea score`. */
export function defineMerge(parent: Command): void {
  const command = parent
    .command("merge")
    .summary("join the parts of all shards")
    .copyInheritedSettings(parent)
    .addHelpOption(new Option("-h, --help", "print this help").helpGroup(COMMON_GROUP))
    .description(
      "Joins the parts that fovea score wrote: checks that all shards are there, none twice, of one model, the same settings and " +
        "the same images, each unchanged, and writes the same files as a single process.",
    )
    .argument("<part...>", "parts with their facts beside them (PART.json), and patterns such as parts/*.parquet")
    .option("--out <file>", "the merged table, of the parts' form; required");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea score merge parts/*.parquet --out scores.parquet`,
    )
    .action(run);
}

async function run(parts: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const { out } = options;
  if (out === undefined) throw new UsageError("expected --out FILE for the merged table");
  formOf(out);
  const { rows, refused, shards, model, sha256 } = await mergeScores(await expanded(parts), out);
  output.answer(
    { out, rows, refused, shards, model, sha256 },
    `${out} has ${whole(rows)} rows of ${whole(shards)} shards, ${whole(refused)} of them with a reason in place of an answer`,
  );
}
