// Changes of labels: what they did is said, and what they could not do.
import { useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import { kept } from "../../frame/kept.ts";
import { whole } from "../../frame/numbers.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { know } from "../../frame/store.ts";
import { host } from "../../host/index.js";

const NAME = "journal-name";

/** Name of the person who changes labels, for the journal. */
export const writer = {
  read: (): string => kept.read(NAME) ?? "",
  write: (name: string): void => kept.write(NAME, name.slice(0, 200)),
};

const writtenBy = (): { readonly by?: string } => (writer.read() === "" ? {} : { by: writer.read() });

export interface Relabelling {
  /** A sentence about what was done last. */
  readonly told: string | undefined;
  readonly error: string | undefined;
  readonly isBusy: boolean;
  /** Gives images a label; `null` leaves them out. */
  relabel(images: readonly number[] | Promise<readonly number[]>, to: string | null, why?: string): Promise<void>;
  undo(): Promise<void>;
  /** Takes back what was said. */
  quiet(): void;
}

export function useRelabelling(project: ProjectFacts): Relabelling {
  const [told, setTold] = useState<string>();
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const doing = async (
    work: () => Promise<{ readonly project: ProjectFacts; readonly told: string }>,
  ): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const { project: changed, told: sentence } = await work();
      know(changed);
      setTold(sentence);
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setBusy(false);
    }
  };
  return {
    told,
    error,
    isBusy,
    relabel: (wanted, to, why) =>
      doing(async () => {
        const images = [...(await wanted)];
        const changed = await (await host()).call("relabel", {
          project: project.id,
          images,
          to,
          ...(why ? { why } : {}),
          ...writtenBy(),
        });
        const these = images.length === 1 ? "1 image is" : `${whole(images.length)} images are`;
        return { project: changed, told: to === null ? `${these} left out.` : `${these} now ${to}.` };
      }),
    undo: () =>
      doing(async () => ({
        project: await (await host()).call("undo", { project: project.id, ...writtenBy() }),
        told: "The last change is taken back.",
      })),
    quiet: () => setTold(undefined),
  };
}
