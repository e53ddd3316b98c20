// The way to the engine: a worker that is made of the page's own part, asked one question after the other.
import type { PageSettings } from "fovea/experiment";
import type { FromEngine, ModelFacts, QuestionName, Questions } from "./messages.ts";
import { readPart, readText } from "./parts.ts";

export interface Engine {
  readonly facts: ModelFacts;
  /** Asks; questions wait for those before. @throws Error with a sentence where there is no answer */
  ask<K extends QuestionName>(kind: K, ask: Questions[K]["ask"]): Promise<Questions[K]["answer"]>;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the engine and opens the model. @throws Error with a sentence where this browser cannot */
export async function startEngine(settings: PageSettings): Promise<Engine> {
  const code = await readText("engine");
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const waiting = new Map<number, Waiting>();
  worker.onmessage = ({ data }: MessageEvent<FromEngine>) => {
    const question = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) question?.reject(new Error(data.error));
    else question?.resolve(data.value as never);
  };
  worker.onerror = ({ message }) => {
    const error = new Error(message || "this browser does not start the page's engine; open it in a newer one");
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  let next = 0;
  let last: Promise<unknown> = Promise.resolve();
  const ask: Engine["ask"] = (kind, question) => {
    const send = (): Promise<never> =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, kind, ask: question });
      });
    const answered = last.then(send, send);
    last = answered;
    return answered;
  };
  const [model, jpeg, webp] = await Promise.all([readPart("model"), readPart("jpeg"), readPart("webp")]);
  if (model === undefined || jpeg === undefined || webp === undefined)
    throw new Error("this page lacks its model or its decoders; deploy it again");
  return { facts: await ask("open", { model, jpeg, webp, settings }), ask };
}
