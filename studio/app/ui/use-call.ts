// What a call brings, for a view: asked again when its input changes, kept while it is asked again.
import { useEffect, useState } from "preact/hooks";
import type { CallName, Input, Output } from "../../contract/calls.js";
import { sentenceOf } from "../frame/store.ts";
import { host } from "../host/index.js";

export interface Called<T> {
  readonly value?: T;
  readonly error?: string;
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
  const [called, setCalled] = useState<Called<Output<N>>>({});
  const key = JSON.stringify(input);
  useEffect(() => {
    if (input === undefined) return;
    let isCurrent = true;
    host()
      .then((way) => way.call(name, input))
      .then(
        (value) => isCurrent && setCalled({ value }),
        (error) => isCurrent && setCalled({ error: sentenceOf(error) }),
      );
    return () => {
      isCurrent = false;
    };
  }, [name, key, version]);
  return called;
}
