// Two processes that do the same at the same moment.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Job } from "./claimant.js";

type Work<J> = J extends Job ? Omit<J, "at"> : never;

export interface Pair {
  /** Answers of both processes to the same job, done at the same moment. */
  both(job: Work<Job>): Promise<[Answer, Answer]>;
  end(): void;
}

const claimant = fileURLToPath(new URL("./claimant.js", import.meta.url));

export async function startPair(): Promise<Pair> {
  const children = [fork(claimant), fork(claimant)] as const;
  const next = async (child: ChildProcess): Promise<Answer> => (await once(child, "message"))[0] as Answer;
  await Promise.all(children.map(next));
  return {
    both: async (job) => {
      const at = Date.now() + 5;
      const answers = children.map((child) => {
        const answer = next(child);
        child.send({ ...job, at });
        return answer;
      });
      return (await Promise.all(answers)) as [Answer, Answer];
    },
    end: () => {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}
