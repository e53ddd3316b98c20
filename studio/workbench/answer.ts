// One call answered, wherever it comes from: its input is checked first, and what goes wrong becomes the library's sentence.
import { FoveaError } from "fovea";
import { CALLS, type CallName, type Handlers } from "../contract/calls.js";
import { FILE_KINDS, type FileContent, type FileKind, type FileMakers } from "../contract/files.js";
import { OutsideError } from "./outside.js";

/** The answer of a call: its value, or a sentence. */
export type Answered = { readonly value: unknown } | { readonly error: string };

export async function answer(
  handlers: Handlers,
  name: string,
  input: unknown,
): Promise<{ readonly status: 200 | 400 | 403 | 404 | 500; readonly body: Answered }> {
  if (!Object.hasOwn(CALLS, name)) return { status: 404, body: { error: `there is no call ${JSON.stringify(name)}` } };
  const call = CALLS[name as CallName];
  const checked = call.input.safeParse(input);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue?.path.length ? ` ${issue.path.join(".")}` : "";
    return { status: 400, body: { error: `${name}${where}: ${issue?.message ?? "the input does not fit"}` } };
  }
  try {
    const handler = handlers[name as CallName] as (input: unknown) => Promise<unknown>;
    return { status: 200, body: { value: await handler(checked.data) } };
  } catch (error) {
    const { status, sentence } = failureOf(error, name);
    return { status, body: { error: sentence } };
  }
}

/** One file brought, or the sentence that says why not. */
export async function fileOf(
  makers: FileMakers,
  kind: string,
  parts: readonly string[],
): Promise<
  | { readonly status: 200; readonly file: FileContent; readonly error: "" }
  | { readonly status: 400 | 403 | 404 | 500; readonly file: undefined; readonly error: string }
> {
  const names: readonly string[] | undefined = Object.hasOwn(FILE_KINDS, kind)
    ? FILE_KINDS[kind as FileKind]
    : undefined;
  if (names?.length !== parts.length) return { status: 404, file: undefined, error: "there is no such file" };
  try {
    const make = makers[kind as FileKind] as (address: unknown) => Promise<FileContent>;
    return { status: 200, file: await make(Object.fromEntries(names.map((name, i) => [name, parts[i]!]))), error: "" };
  } catch (error) {
    const { status, sentence } = failureOf(error, kind);
    return { status, file: undefined, error: sentence };
  }
}

/** The status and the sentence of what went wrong. */
export function failureOf(
  error: unknown,
  what: string,
): { readonly status: 400 | 403 | 500; readonly sentence: string } {
  if (error instanceof OutsideError) return { status: 403, sentence: error.message };
  if (error instanceof FoveaError) return { status: 400, sentence: error.message };
  return { status: 500, sentence: `${what} failed: ${error instanceof Error ? error.message : String(error)}` };
}
