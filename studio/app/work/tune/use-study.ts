// A study that is watched while its page is open: asked for once, then for what is new, often while it runs here.
import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "../../frame/sentence.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { type Trials, withNews } from "./trials.ts";

/** Milliseconds between two looks: at a study that runs here, and at one that others may run. */
const SOON = 700;
const LATER = 3000;

export interface WatchedTrials {
  readonly trials?: Trials;
  readonly error?: string;
}

export function useStudy(study: string): WatchedTrials {
  const [watched, setWatched] = useState<WatchedTrials>({});
  useEffect(() => {
    let trials: Trials | undefined;
    let hasFailed = false;
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        if (trials === undefined || !document.hidden) {
          const since = trials?.view.version;
          const view = await (await host()).call("study", { study, ...(since === undefined ? {} : { since }) });
          // A workbench that was started anew counts from the beginning.
          if (view !== null && since !== undefined && view.version < since) trials = undefined;
          else if (view !== null && since !== view.version) trials = withNews(trials, view);
          const isNew = trials?.view.version !== since || hasFailed;
          hasFailed = false;
          if (isCurrent && trials !== undefined && isNew) setWatched({ trials });
        }
      } catch (error) {
        hasFailed = true;
        if (isCurrent) setWatched({ ...(trials === undefined ? {} : { trials }), error: sentenceOf(error) });
      }
      const isRunning = jobs.value.some((job) => job.study === study && isAtWork(job));
      if (isCurrent) timer = setTimeout(look, isRunning || trials === undefined ? SOON : LATER);
    };
    look();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [study]);
  return watched;
}
