// A picture's growth as the page has it: the looks so far, then its end.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "../../frame/sentence.ts";
import { ask } from "../engine.ts";
import type { Grown, Look } from "./job.ts";
import { type Chosen, STEPS } from "./state.ts";

export interface Growth {
  readonly looks: readonly Look[];
  readonly grown?: Grown;
  /** Mean activation where the climb itself ended: not higher than `grown.after`. */
  readonly climbed?: number;
  readonly error?: string;
}

/** The end of a channel's picture that grew from some noise. */
export interface Ended extends Chosen {
  readonly seed: number;
  /** True for a network of one's own. */
  readonly isMine: boolean;
  readonly grown: Grown;
}

/** All pictures that have grown on this page: what challenges look at. */
export const ended = signal<readonly Ended[]>([]);

/** Has a picture grow, from the start whenever channel or noise change. */
export function useGrowth({ layer, channel }: Chosen, seed: number, isMine: boolean): Growth {
  const [growth, setGrowth] = useState<Growth>({ looks: [] });
  useEffect(() => {
    const stop = new AbortController();
    const { signal: isOver } = stop;
    setGrowth({ looks: [] });
    const onProgress = (look: Look): void => {
      if (!isOver.aborted) setGrowth((before) => ({ ...before, looks: [...before.looks, look] }));
    };
    ask("feature", { layer, channel, seed, isMine }, { onProgress, signal: isOver }).then(
      (grown) => {
        if (isOver.aborted) return;
        // The best picture may not be the climb's last: it is the one at the end.
        const last: Look = { step: STEPS, picture: grown.picture, value: grown.after };
        setGrowth(({ looks }) => ({
          looks: [...looks.filter(({ step }) => step < STEPS), last],
          grown,
          climbed: looks.at(-1)?.value ?? grown.after,
        }));
        ended.value = [...ended.value, { layer, channel, seed, isMine, grown }];
      },
      (error) => {
        if (!isOver.aborted) setGrowth((before) => ({ ...before, error: sentenceOf(error) }));
      },
    );
    return () => stop.abort();
  }, [layer, channel, seed, isMine]);
  return growth;
}
