// Starts a look at all images, and shows how far it is.
import { useEffect, useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import { whole } from "../../frame/numbers.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Refusal } from "../../ui/refusal.tsx";

/** Images up to which nobody needs to ask: it takes a second or two. */
const AT_ONCE = 5000;
/** Projects that were looked at without being asked. */
const begun = new Set<string>();

export function LookButton({ project }: { readonly project: ProjectFacts }) {
  const [error, setError] = useState<string>();
  const job = jobs.value.filter(({ kind, project: id }) => kind === "look" && id === project.id).at(-1);
  const start = async (): Promise<void> => {
    setError(undefined);
    try {
      await (await host()).call("startLook", { project: project.id });
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  useEffect(() => {
    if (project.images === 0 || project.images > AT_ONCE || job !== undefined || begun.has(project.id)) return;
    begun.add(project.id);
    start();
  }, [project.id]);
  if (job !== undefined && isAtWork(job))
    return (
      <p class="muted" role="status">
        Looking at all images: {whole(job.done)} of {whole(job.total)} ...
      </p>
    );
  return (
    <>
      <p class="muted">Decoding every image once finds damage, copies and sizes.</p>
      <button type="button" onClick={start}>
        Look at all images
      </button>
      <Refusal sentence={error ?? job?.error} />
    </>
  );
}
