// Answers to what is drawn or filmed, one picture after the other.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProjectFacts } from "../../contract/facts.js";
import { type Answered, answerOf } from "./asking.ts";

export interface LiveAnswer {
  readonly answered: Answered | undefined;
  /** The picture that the answer is about. */
  readonly asked: { readonly name: string; readonly picture: Blob } | undefined;
  ask(name: string, picture: Blob): Promise<void>;
  clear(): void;
}

/** The answer to the newest picture: none that comes late, and none of another run. */
export function useLiveAnswer(project: Pick<ProjectFacts, "id">, run: string | undefined): LiveAnswer {
  const [answered, setAnswered] = useState<Answered>();
  const [asked, setAsked] = useState<LiveAnswer["asked"]>();
  const newest = useRef(0);
  const clear = (): void => {
    newest.current++;
    setAnswered(undefined);
    setAsked(undefined);
  };
  useEffect(clear, [project.id, run]);
  const ask = async (name: string, picture: Blob): Promise<void> => {
    if (run === undefined) return;
    newest.current++;
    const number = newest.current;
    const outcome = await answerOf(project, run, name, picture);
    if (number !== newest.current) return;
    setAnswered(outcome);
    setAsked({ name, picture });
  };
  return { answered, asked, ask, clear };
}
