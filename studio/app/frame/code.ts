// What the page shows "as code": the view that is shown says it, the drawer at the side draws it.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CodeFacts } from "../../contract/facts.js";

export const code = signal<CodeFacts | undefined>(undefined);

/** Shows lines of code beside the view as long as it is there. */
export function useCode(facts: CodeFacts | undefined): void {
  const { typescript = "", commands = "" } = facts ?? {};
  useEffect(() => {
    code.value = typescript || commands ? { typescript, commands } : undefined;
  }, [typescript, commands]);
  useEffect(
    () => () => {
      code.value = undefined;
    },
    [],
  );
}
