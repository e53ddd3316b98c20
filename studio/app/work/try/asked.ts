// The last pictures that a model was asked about, with its answers: those of files at once, those that are drawn or filmed when
// somebody keeps them.
import { useEffect, useRef, useState } from "preact/hooks";
import type { RunSummary } from "../../../contract/facts.js";
import { type Answered, answerOf } from "../../ui/asking.ts";

export interface Asked extends Answered {
  readonly id: number;
  readonly name: string;
  readonly blob: Blob;
  /** Address of the picture. */
  readonly picture: string;
  /** Name of the run that was asked. */
  readonly run: string;
}

/** Pictures that stay in the strip. */
const KEPT = 20;
let next = 0;

export interface AskedStrip {
  /** The last first. */
  readonly asked: readonly Asked[];
  /** Asks about a picture. */
  ask(name: string, blob: Blob): Promise<void>;
  /** Takes over a picture with the answer that is known. */
  keep(name: string, blob: Blob, answered: Answered): void;
}

export function useAsked(project: string, run: RunSummary | undefined): AskedStrip {
  const [asked, setAsked] = useState<readonly Asked[]>([]);
  const current = useRef(asked);
  current.current = asked;
  useEffect(
    () => () => {
      for (const { picture } of current.current) URL.revokeObjectURL(picture);
    },
    [],
  );
  const add = (name: string, blob: Blob, answered: Answered): number => {
    const id = next++;
    const item = { id, name, blob, picture: URL.createObjectURL(blob), run: run?.name ?? "", ...answered };
    setAsked((before) => {
      for (const { picture } of before.slice(KEPT - 1)) URL.revokeObjectURL(picture);
      return [item, ...before].slice(0, KEPT);
    });
    return id;
  };
  return {
    asked,
    keep: add,
    ask: async (name, blob) => {
      if (run === undefined) return;
      const id = add(name, blob, {});
      const answered = await answerOf({ id: project }, run.id, name, blob);
      setAsked((before) => before.map((item) => (item.id === id ? { ...item, ...answered } : item)));
    },
  };
}
