// One call answered, wherever it comes from: its input is checked first, and what goes wrong becomes the library's sentence.
import { type ErrorCode, FoveaError } from "fovea";
import { CALLS, type CallName, type Handlers } from "../contract/calls.js";
import { FILE_KINDS, type FileContent, type FileKind, type FileMakers } from "../contract/files.js";
import { OutsideError } from "./outside.js";

/** The answer of a call: its value, or a sentence with the code of its kind. */
export type Answered = { readonly value: unknown } | { readonly error: string; readonly code: ErrorCode };

export async function answer(
  handlers: Handlers,
  name: string,
  input: unknown,
): Promise<{ readonly status: 200 | 400 | 403 | 404 | 500; readonly body: Answered }> {
  if (!Object.hasOwn(CALLS, name)) {
    const error = `there is no call ${JSON.stringify(name)}`;
    return { status: 404, body: { error, code: "unknown-choice" } };
  }
  const call = CALLS[name as CallName];
  const checked = call.input.safeParse(input);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue?.path.length ? ` ${issue.path.join(".")}` : "";
    const error = `${name}${where}: ${issue?.message ?? "the input does not fit"}`;
    return { status: 400, body: { error, code: "wrong-type" } };
  }
  try {
    const handler = handlers[name as CallName] as (input: unknown) => Promise<unknown>;
    return { status: 200, body: { value: await handler(checked.data) } };
  } catch (error) {
    const { status, sentence, code } = failureOf(error, name);
    return { status, body: { error: sentence, code } };
  }
}

/** One file brought, or the sentence that says why not. */
export async function fileOf(
  makers: FileMakers,
  kind: string,
  parts: readonly string[],
): Promise<
  | { readonly status: 200; readonly file: FileContent }
  | {
      readonly status: 400 | 403 | 404 | 500;
      readonly file: undefined;
      readonly error: string;
      readonly code: ErrorCode;
    }
> {
  const names: readonly string[] | undefined = Object.hasOwn(FILE_KINDS, kind)
    ? FILE_KINDS[kind as FileKind]
    : undefined;
  if (names?.length !== parts.length)
    return { status: 404, file: undefined, error: "there is no such file", code: "not-found" };
  try {
    const make = makers[kind as FileKind] as (address: unknown) => Promise<FileContent>;
    return { status: 200, file: await make(Object.fromEntries(names.map((name, i) => [name, parts[i]!]))) };
  } catch (error) {
    const { status, sentence, code } = failureOf(error, kind);
    return { status, file: undefined, error: sentence, code };
  }
}

/** The status, the sentence and the code of what went wrong. */
export function failureOf(
  error: unknown,
  what: string,
): { readonly status: 400 | 403 | 500; readonly sentence: string; readonly code: ErrorCode } {
  if (error instanceof FoveaError)
    return { status: error instanceof OutsideError ? 403 : 400, sentence: error.message, code: error.code };
  return {
    status: 500,
    code: "internal-mistake",
    sentence: `${what} failed: ${error instanceof Error ? error.message : String(error)}`,
  };
}
