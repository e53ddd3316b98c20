// Archives that a page brings: written whole or not at all, no larger than is allowed, under a name that leads nowhere else.
import { filesHere } from "fovea/files";
import type { Handler } from "hono";
import { archiveNames, MOST_UPLOADED, UPLOADS } from "../contract/upload.js";
import { failureOf } from "../workbench/answer.js";

class TooLarge extends Error {}

/**
 * Takes the body of a request as an archive, and answers with its path.
 * @param home the folder that has the one of brought archives
 */
export function upload(home: string, limit = MOST_UPLOADED): Handler {
  return async (context) => {
    const body = context.req.raw.body;
    const name = context.req.query("name") ?? "";
    if (body === null)
      return context.json({ error: "there is nothing in this request; send the archive as its body" }, 400);
    try {
      if (Number(context.req.header("content-length") ?? 0) > limit) throw new TooLarge();
      return context.json({ value: await written(await freePath(home, name), body, limit) });
    } catch (error) {
      if (error instanceof TooLarge)
        return context.json({ error: `${name}: expected at most ${limit} bytes; open the folder where it lies` }, 413);
      const { status, sentence } = failureOf(error, name);
      return context.json({ error: sentence }, status);
    }
  };
}

async function freePath(home: string, wanted: string): Promise<string> {
  const folder = `${home}/${UPLOADS}`;
  await filesHere.makeDirectory(folder);
  for (const name of archiveNames(wanted)) {
    const path = `${folder}/${name}`;
    if (!(await filesHere.exists(path))) return path;
  }
  throw new Error("there are names without end");
}

async function written(path: string, body: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const file = await filesHere.beginFile(path);
  let at = 0;
  try {
    for await (const piece of body) {
      if (at + piece.length > limit) throw new TooLarge();
      await file.write(piece, at);
      at += piece.length;
    }
    await file.commit();
    return path;
  } catch (error) {
    await file.discard();
    throw error;
  }
}
