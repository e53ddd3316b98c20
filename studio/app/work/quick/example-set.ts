// The examples of quick start as the workbench keeps them: read when the page opens, changed by calls, one after the other.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ExampleSet, ExampleSource } from "../../../contract/example-calls.js";
import { sentenceOf } from "../../frame/sentence.ts";
import type { Host } from "../../host/host.js";
import { host } from "../../host/index.js";
import { base64Of } from "../../ui/asking.ts";

/** Images of one call: a large folder comes in several. */
const AT_ONCE = 20;

export interface Examples {
  readonly set: string;
  /** Undefined until the workbench has answered. */
  readonly value: ExampleSet | undefined;
  readonly error: string | undefined;
  /** Names the classes in their order; one with an empty `id` is new. */
  nameClasses(classes: readonly { readonly id: string; readonly name: string }[]): Promise<void>;
  add(id: string, source: ExampleSource, images: readonly Blob[]): Promise<void>;
  remove(id: string, file: string): Promise<void>;
  /** Asks for the set again, after it was packed. */
  refresh(): Promise<void>;
}

export function useExamples(set: string): Examples {
  const [value, setValue] = useState<ExampleSet>();
  const [error, setError] = useState<string>();
  const waiting = useRef<Promise<void>>(Promise.resolve());
  const change = (ask: (connection: Host) => Promise<ExampleSet>): Promise<void> => {
    waiting.current = waiting.current
      .then(async () => setValue(await ask(await host())))
      .then(
        () => setError(undefined),
        (failure) => setError(sentenceOf(failure)),
      );
    return waiting.current;
  };
  const refresh = (): Promise<void> => change((connection) => connection.call("examples", { set }));
  useEffect(() => {
    setValue(undefined);
    refresh();
  }, [set]);
  return {
    set,
    value,
    error,
    refresh,
    nameClasses: (classes) =>
      change((connection) =>
        connection.call("nameClasses", { set, classes: classes.map(({ id, name }) => ({ id: id || "new", name })) }),
      ),
    add: async (id, source, images) => {
      for (let at = 0; at < images.length; at += AT_ONCE) {
        const some = images.slice(at, at + AT_ONCE);
        await change(async (connection) => {
          const encoded = await Promise.all(some.map(base64Of));
          return connection.call("addExamples", { set, class: id, source, images: encoded });
        });
      }
    },
    remove: (id, file) => change((connection) => connection.call("removeExample", { set, class: id, file })),
  };
}
