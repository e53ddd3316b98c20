// A run's model asked about a picture that the reader has: a file, a drawing, a frame of the webcam.
import type { AnswerFacts, ProjectFacts } from "../../contract/facts.js";
import { sentenceOf } from "../frame/sentence.ts";
import { host } from "../host/index.js";

export interface Answered {
  readonly answer?: AnswerFacts;
  /** The library's sentence where there is no answer. */
  readonly error?: string;
}

export async function answerOf(
  { id: project }: Pick<ProjectFacts, "id">,
  run: string,
  name: string,
  blob: Blob,
): Promise<Answered> {
  try {
    const connection = await host();
    const base64 = await base64Of(blob);
    return { answer: await connection.call("predict", { project, run, image: { name, base64 } }) };
  } catch (failure) {
    return { error: sentenceOf(failure) };
  }
}

/** The bytes of a file as base64. @throws Error for one that cannot be read */
export function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(reader.error ?? new Error("the file cannot be read"));
    reader.readAsDataURL(blob);
  });
}
