// The lines that the page shows "as code": the view that is shown says them, the drawer at the side draws them.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CodeFacts } from "../../contract/facts.js";
import { address } from "./address.ts";

/** Lines with the view that they are of. */
export interface ShownCode extends CodeFacts {
  readonly view: string;
}

export const code = signal<ShownCode | undefined>(undefined);

/** Shows lines of code beside the view as long as it is there. */
export function useCode(facts: CodeFacts | undefined): void {
  const { typescript = "", commands = "" } = facts ?? {};
  useEffect(() => {
    const view = address.peek().path.join("/");
    code.value = typescript || commands ? { typescript, commands, view } : undefined;
  }, [typescript, commands]);
  useEffect(
    () => () => {
      code.value = undefined;
    },
    [],
  );
}
