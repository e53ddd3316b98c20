// Files that are saved one at a time, and what came of each.
import { useState } from "preact/hooks";
import { sentenceOf } from "../../frame/sentence.ts";
import type { Said } from "../../ui/outcome.tsx";

export interface Saving {
  /** Name of the file that is being made. */
  readonly busy: string | undefined;
  /** Sentences by the names of files. */
  readonly said: Readonly<Record<string, Said>>;
  /** Does the work, which gives a sentence. */
  save(what: string, work: () => Promise<string>): Promise<void>;
}

export function useSaving(): Saving {
  const [busy, setBusy] = useState<string>();
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({});
  const save = async (what: string, work: () => Promise<string>): Promise<void> => {
    setBusy(what);
    const tell = (sentence: string, isError: boolean): void =>
      setSaid((before) => ({ ...before, [what]: { sentence, isError } }));
    try {
      tell(await work(), false);
    } catch (failure) {
      tell(sentenceOf(failure), true);
    } finally {
      setBusy(undefined);
    }
  };
  return { busy, said, save };
}
