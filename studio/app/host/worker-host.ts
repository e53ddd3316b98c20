// The workbench in a worker of the page, where a plain web server served it: calls and news as messages.

import type { News } from "../../contract/facts.js";
import { FILE_KINDS, type FileAddress, type FileKind } from "../../contract/files.js";
import type { Answered } from "../../workbench/answer.js";
import { bringTo } from "./bring.js";
import type { Host } from "./host.js";
import type { FileAnswer, FromWorker, Question } from "./messages.js";
import { Refused } from "./refused.ts";
import { saveBlob } from "./save.js";

/** Pictures whose addresses are kept, and milliseconds after which one is let go. */
const MOST_PICTURES = 1500;
const LET_GO = 10_000;

export function workerHost(): Host {
  const worker = new Worker(new URL("./workbench-worker.ts", import.meta.url), { type: "module", name: "workbench" });
  const waiting = new Map<number, (answered: Answered) => void>();
  /** A sentence where the worker could not begin. */
  let failure: string | undefined;
  const listeners = new Set<(news: News) => void>();
  const pictures = new Map<string, Promise<string>>();
  let next = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "news") for (const listener of listeners) listener(data.news);
    else {
      waiting.get(data.id)?.(data.answered);
      waiting.delete(data.id);
    }
  });
  // The worker answers each question with a value or a sentence; an error is one of loading it.
  worker.addEventListener("error", ({ message = "" }) => {
    failure = `the page's workbench could not begin; load the page again${message && ` (${message})`}`;
    for (const tell of waiting.values()) tell({ error: failure, code: "worker-failed" });
    waiting.clear();
  });
  const ask = async (message: Question): Promise<unknown> => {
    if (failure !== undefined) throw new Error(failure);
    const id = next++;
    const answered = await new Promise<Answered>((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ id, question: message });
    });
    if ("error" in answered) throw new Refused(answered.error, answered.code);
    return answered.value;
  };
  const fileOf = async <K extends FileKind>(kind: K, address: FileAddress<K>): Promise<FileAnswer> => {
    const parts = FILE_KINDS[kind].map((name) => address[name as keyof typeof address]);
    return (await ask({ kind: "file", file: kind, parts })) as FileAnswer;
  };
  return {
    call: async (name, input) => (await ask({ kind: "call", name, input })) as never,
    picture: (project, index) => {
      const key = `${project}/${index}`;
      const known = pictures.get(key);
      if (known !== undefined) {
        pictures.delete(key);
        pictures.set(key, known);
        return known;
      }
      const made = ask({ kind: "picture", project, index }).then((picture) => URL.createObjectURL(picture as Blob));
      pictures.set(key, made);
      // One that could not be had is asked for again.
      made.catch(() => pictures.get(key) === made && pictures.delete(key));
      const [oldest] = pictures;
      if (pictures.size > MOST_PICTURES && oldest !== undefined) {
        pictures.delete(oldest[0]);
        // A drawn picture stays; only its address is let go, later, for a view may just have received it.
        setTimeout(() => oldest[1].then(URL.revokeObjectURL, () => undefined), LET_GO);
      }
      return made;
    },
    file: async (kind, address) => URL.createObjectURL((await fileOf(kind, address)).content),
    save: async (kind, address) => {
      const { content, name } = await fileOf(kind, address);
      return saveBlob(content, name ?? kind);
    },
    bring: (files, name, onProgress) => bringTo("private", files, name, onProgress),
    listen: (listener, onWay) => {
      listeners.add(listener);
      queueMicrotask(onWay);
      return () => listeners.delete(listener);
    },
  };
}
