// The page's knowledge of the workbench, kept current by its news: projects and jobs. Views read these signals.
import { computed, signal } from "@preact/signals";
import { isOver, type JobFacts, type News, type ProjectFacts, type Welcome } from "../../contract/facts.js";
import type { Host } from "../host/host.js";
import { host } from "../host/index.js";
import { sentenceOf } from "./sentence.ts";

export const welcome = signal<Welcome | undefined>(undefined);
export const projects = signal<readonly ProjectFacts[]>([]);
export const jobs = signal<readonly JobFacts[]>([]);
/** A sentence where the workbench does not answer. */
export const failure = signal<string | undefined>(undefined);

export const isAtWork = (job: JobFacts): boolean => !isOver(job);
export const runningJobs = computed(() => jobs.value.filter(isAtWork));

/** Asks the workbench for what there is, and hears its news from then on. For the frame, once. */
export async function connect(): Promise<void> {
  try {
    const connection = await host();
    connection.listen(hear, (broken) => {
      failure.value = broken;
      if (broken === undefined) greet(connection);
    });
  } catch (error) {
    failure.value = sentenceOf(error);
  }
}

/** News that come while the page asks for what there is; undefined at other times. */
let heard: News[] | undefined;

/** Asks for the whole state: at first, and after a gap in the news. News that are newer than the answer count. */
async function greet(connection: Host): Promise<void> {
  const since: News[] = [];
  heard = since;
  try {
    const there = await connection.call("hello", {});
    // After another gap the answer to this one says nothing.
    if (heard !== since) return;
    welcome.value = there;
    projects.value = there.projects;
    jobs.value = there.jobs;
    for (const news of since) if (news.number > there.news) take(news);
  } catch (error) {
    failure.value = sentenceOf(error);
    for (const news of since) take(news);
  } finally {
    if (heard === since) heard = undefined;
  }
}

function hear(news: News): void {
  if (heard === undefined) take(news);
  else heard.push(news);
}

function take(news: News): void {
  if (news.kind === "job") jobs.value = replaced(jobs.value, news.job);
  else projects.value = replaced(projects.value, news.project);
}

function replaced<T extends { readonly id: string }>(list: readonly T[], item: T): readonly T[] {
  const at = list.findIndex(({ id }) => id === item.id);
  return at < 0 ? [...list, item] : list.with(at, item);
}

/** Notes a project that a call brought, before the news of it come. */
export function know(project: ProjectFacts): ProjectFacts {
  projects.value = replaced(projects.value, project);
  return project;
}
