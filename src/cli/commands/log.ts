// `fovea log verify`: was a decision log changed since its lines were added.
import { Argument, type Command, InvalidArgumentError } from "commander";
import { defined } from "../../core/defined.js";
import { type VerifiedLog, verifyDecisionLog } from "../../experiment/decisions/index.js";
import { whole } from "../../report/format.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly head?: string;
  readonly count?: number;
}

/** So many faults are printed. */
const MOST_SHOWN = 20;

const sha256 = (text: string): string => {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("expected a SHA-256 of 64 hexadecimal digits");
};

export function define(command: Command): void {
  command
    .description(
      "Checks a decision log of fovea predict --log. Each line has a photo's hash, the model's hash, the answer and the time, " +
        "its own number and hash, and the SHA-256 of the line before it: a line that was changed, removed, moved or added is " +
        "named with its number. Lines cut off at the end leave a valid log: keep the count and the hash that " +
        "predict prints elsewhere, and hold the log against them with --count and --head.",
    )
    .addArgument(new Argument("<action>", "the action").choices(["verify"]))
    .argument("<file>", "a decision log (.jsonl)")
    .option(
      "--head <hash>",
      "SHA-256 of the last line when it was added, or of line --count (default: not checked)",
      sha256,
    )
    .option(
      "--count <N>",
      "number of lines that the log had then; it may have more now (default: all)",
      wholeNumber(0),
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
The hash of a line is that of its bytes without the line break, so other programs can check it:
  sed -n 41p decisions.jsonl | tr -d '\\n' | sha256sum       the field "previous" of line 42

Exit status: 0 the log is whole, 1 it is not, 2 wrong usage. A last line that a killed program left torn is told, and is
no fault: the next addition cuts it off.

Examples:
  fovea log verify decisions.jsonl
  fovea log verify decisions.jsonl --count 1200 --head 5f2c...`,
    )
    .action(verify);
}

async function verify(_action: string, path: string, options: Options): Promise<void> {
  const output = new Output(options);
  const { head, count } = options;
  const found = await verifyDecisionLog(path, defined({ head, count }));
  if (found.isTorn)
    output.warn(
      `${path}: its last line is not whole, since a program was stopped while it wrote it; it is no decision, and the next addition cuts it off`,
    );
  if (!found.isWhole) process.exitCode = EXIT.failed;
  const { faults, isTorn, ...others } = found;
  output.answer({ file: path, ...others, isTorn, faults }, asText(path, found));
}

function asText(path: string, { faults, count, head, isWhole }: VerifiedLog): string {
  const end = `It has ${whole(count)} ${count === 1 ? "line" : "lines"}; the hash of the last one is ${head}`;
  if (isWhole) return `${path} is whole: no line was changed, removed or moved.\n${end}`;
  const more = faults.length - MOST_SHOWN;
  return [
    `${path} was changed after it was logged:`,
    ...faults.slice(0, MOST_SHOWN).map(({ told }) => `  ${told}`),
    ...(more > 0 ? [`  ... ${whole(more)} more; --json names them all`] : []),
    end,
  ].join("\n");
}
