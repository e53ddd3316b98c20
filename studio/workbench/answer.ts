// One call answered, wherever it comes from: its input is checked first, and what goes wrong becomes the library's sentence.
import { FoveaError } from "fovea";
import { CALLS, type CallName, type Handlers } from "../contract/calls.js";
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
    if (error instanceof OutsideError) return { status: 403, body: { error: error.message } };
    if (error instanceof FoveaError) return { status: 400, body: { error: error.message } };
    const text = error instanceof Error ? error.message : String(error);
    return { status: 500, body: { error: `${name} failed: ${text}` } };
  }
}
