// `fovea predict --log`: each answer is in the log before anybody is told it. Without the option nothing is logged, and
// the same calls do nothing.
import { HashedFiles, type LogHead, loggedModel, openDecisionLog } from "../../experiment/decisions/index.js";
import type { AnswerBatch, AskedFile, OpenedModel } from "../../experiment/models/index.js";
import type { Output } from "../terminal/output.js";

type Answers = Parameters<HashedFiles["decisions"]>[0];

/** The log of answers, or one that keeps nothing. */
export interface AnswerLog {
  /** Files to ask about in place of those that were named. */
  readonly files: readonly AskedFile[];
  add(answers: Answers): Promise<void>;
  /** Batches, each of which is logged before it is handed on. */
  follow(batches: AsyncIterable<AnswerBatch>): AsyncIterable<AnswerBatch>;
  /** Fields for machines. */
  json(): object;
  /** Text for people, behind a line break; "" where nothing is logged. */
  sentence(): string;
}

/** Opens the log of `--log FILE`. @throws FoveaError for a file that is no decision log */
export async function beginLog(
  path: string | undefined,
  opened: OpenedModel,
  files: readonly AskedFile[],
  output: Output,
): Promise<AnswerLog> {
  if (path === undefined) return noLog(files);
  const log = await openDecisionLog(path);
  const model = await loggedModel(opened);
  const hashed = new HashedFiles(files);
  let head: LogHead | undefined;
  let added = 0;
  const add = async (answers: Answers): Promise<void> => {
    head = await log.add(await hashed.decisions(answers, model));
    added += answers.length;
    if (log.mended > 0)
      output.warn(
        `${path}: its last line was incomplete, since a program was stopped while it wrote the line; it was removed, and the log continues`,
      );
  };
  return {
    files: hashed.files,
    add,
    async *follow(batches) {
      for await (const batch of batches) {
        await add(batch.answers);
        yield batch;
      }
    },
    json: () => (head === undefined ? {} : { log: { file: path, added, ...head } }),
    sentence: () =>
      head === undefined
        ? ""
        : `\n\nLogged: ${added} in ${path}, which has ${head.count} lines now; the hash of the last one is ${head.head}`,
  };
}

const noLog = (files: readonly AskedFile[]): AnswerLog => ({
  files,
  add: async () => {},
  follow: (batches) => batches,
  json: () => ({}),
  sentence: () => "",
});
