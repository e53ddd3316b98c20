// The answer to a call, for a view: asked again when its input changes. The answer to another input is never shown as that to
// this one; where the same is asked again, the answer before stays until the new one comes.
import { useEffect, useState } from "preact/hooks";
import type { CallName, Input, Output } from "../../contract/calls.js";
import { sentenceOf } from "../frame/sentence.ts";
import { host } from "../host/index.js";

export interface Called<T> {
  readonly value?: T;
  readonly error?: string;
  /** The answer to the input before, while this one is waited for. */
  readonly previous?: T;
}

/**
 * @param input undefined asks nothing
 * @param version asks again when it changes
 */
export function useCall<N extends CallName>(
  name: N,
  input: Input<N> | undefined,
  version: unknown = 0,
): Called<Output<N>> {
  const [called, setCalled] = useState<Called<Output<N>> & { readonly key?: string | undefined }>({});
  const key = JSON.stringify(input);
  useEffect(() => {
    if (input === undefined) return;
    let isCurrent = true;
    host()
      .then((connection) => connection.call(name, input))
      .then(
        (value) => isCurrent && setCalled({ key, value }),
        (error) => isCurrent && setCalled({ key, error: sentenceOf(error) }),
      );
    return () => {
      isCurrent = false;
    };
  }, [name, key, version]);
  if (called.key === key) return called;
  return called.value === undefined ? {} : { previous: called.value };
}
