// The worker of a page that a plain web server served: the same workbench, on the browser's private file system.
import { answer, fileOf } from "../../workbench/answer.js";
import { Workbench } from "../../workbench/workbench.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { pageDisk } from "./page-disk.js";

const tell = (message: FromWorker): void => postMessage(message);
const workbench = new Workbench({ place: "static", disk: pageDisk() });
workbench.listen((news) => tell({ kind: "news", news }));

addEventListener("message", async ({ data }: MessageEvent<ToWorker>) => {
  const { id, question } = data;
  if (question.kind === "call") {
    const { body } = await answer(workbench.handlers, question.name, question.input);
    return tell({ kind: "answer", id, answered: body });
  }
  if (question.kind === "file") {
    const found = await fileOf(workbench.files, question.file, question.parts);
    const { file } = found;
    const answered =
      file === undefined
        ? { error: found.error, code: found.code }
        : { value: { content: blobOf(file), name: file.name } };
    return tell({ kind: "answer", id, answered });
  }
  const picture = await workbench.picture(question.project, question.index);
  const answered =
    picture === undefined
      ? { error: "there is no such image", code: "not-found" as const }
      : { value: blobOf(picture) };
  tell({ kind: "answer", id, answered });
});

const blobOf = ({ bytes, type }: { readonly bytes: Uint8Array; readonly type: string }): Blob =>
  new Blob([bytes as Uint8Array<ArrayBuffer>], { type });
