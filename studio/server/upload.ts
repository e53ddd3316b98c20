// Archives that a page brings: no larger than is allowed, under a name that leads nowhere else.
import type { Handler } from "hono";
import { MOST_UPLOADED } from "../contract/upload.js";
import { failureOf } from "../workbench/answer.js";
import { writeArchive } from "../workbench/archives.js";

class TooLarge extends Error {}

/**
 * Takes the body of a request as an archive, and answers with its path.
 * @param home the folder that has the one of brought archives
 */
export function upload(home: string, limit = MOST_UPLOADED): Handler {
  return async (context) => {
    const body = context.req.raw.body;
    const wanted = context.req.query("name") ?? "";
    const name = wanted || "the archive";
    if (body === null)
      return context.json(
        { error: "there is nothing in this request; send the archive as its body", code: "empty-input" },
        400,
      );
    try {
      if (Number(context.req.header("content-length") ?? 0) > limit) throw new TooLarge();
      return context.json({ value: await written(home, wanted, body, limit) });
    } catch (error) {
      if (error instanceof TooLarge)
        return context.json(
          { error: `${name}: expected at most ${limit} bytes; open its folder`, code: "too-large" },
          413,
        );
      const { status, sentence, code } = failureOf(error, name);
      return context.json({ error: sentence, code }, status);
    }
  };
}

const written = (home: string, name: string, body: ReadableStream<Uint8Array>, limit: number): Promise<string> =>
  writeArchive(home, name, async (write) => {
    let size = 0;
    for await (const piece of body) {
      size += piece.length;
      if (size > limit) throw new TooLarge();
      await write(piece);
    }
  });
