// A process of the tests that does what its parent says at a moment that the parent names, so that two of them do it at
// once. Each message is a Job; each answer says what came of it.
import { RunFolder } from "../../src/experiment/run/folder.js";

export type Job = { readonly at: number } & (
  | { readonly base: string }
  | { readonly create: string }
  | { readonly claim: string }
);
export interface Answer {
  readonly path?: string;
  readonly error?: string;
}

async function done(job: Job): Promise<string> {
  if ("claim" in job) {
    await new RunFolder(job.claim).claim();
    return job.claim;
  }
  const folder = await RunFolder.create("base" in job ? await RunFolder.freeName(job.base) : job.create);
  await folder.save("recipe", `{ "by": ${process.pid} }`);
  return folder.path;
}

process.on("message", async (job: Job) => {
  while (Date.now() < job.at);
  const answer: Answer = await done(job).then(
    (path) => ({ path }),
    (error: Error) => ({ error: error.message }),
  );
  process.send!(answer);
});
process.send!("ready");
