// The worker of a page that a plain web server served: the same workbench, on the browser's private file system.
import { answer } from "../../workbench/answer.js";
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
  const picture = await workbench.picture(question.project, question.index).catch(() => undefined);
  const answered =
    picture === undefined
      ? { error: "there is no such image" }
      : { value: new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.type }) };
  tell({ kind: "answer", id, answered });
});
