// The work of a workbench in the background: a list of jobs, of which some wait for each other's end.
import { Turns } from "fovea/core";
import { isOver, type JobFacts } from "../contract/facts.js";
import { BackgroundJob, type NewJob } from "./background-job.js";

export class Jobs {
  readonly #jobs = new Map<string, BackgroundJob>();
  /** One job at a time computes, the others wait. */
  readonly #queue = new Turns();

  /** @param tell hears of each job when it changes */
  constructor(readonly tell: (job: JobFacts) => void) {}

  get facts(): JobFacts[] {
    return [...this.#jobs.values()].map(({ facts }) => facts);
  }

  /** Jobs that have not ended, those that wait among them. */
  get atWork(): JobFacts[] {
    return this.facts.filter((job) => !isOver(job));
  }

  /** Adds a job to the list, whose work the caller begins. */
  add(facts: NewJob): BackgroundJob {
    const job = new BackgroundJob({ id: `job-${this.#jobs.size + 1}`, ...facts }, this.tell);
    this.#jobs.set(job.facts.id, job);
    return job;
  }

  /** Puts work into the queue, and tells of it at once. */
  queue(facts: NewJob, work: (job: BackgroundJob) => Promise<void>): JobFacts {
    const job = this.add(facts);
    this.tell(job.facts);
    // The job's state says what went wrong. One that was stopped while it waited has told its end.
    this.#queue.take(async () => (isOver(job.facts) ? undefined : job.work(() => work(job)))).catch(() => undefined);
    return job.facts;
  }

  /** The last job of a kind that does the same; undefined where there was none. */
  last({ project, kind, name }: Pick<JobFacts, "project" | "kind" | "name">): JobFacts | undefined {
    return this.facts.findLast((job) => job.project === project && job.kind === kind && job.name === name);
  }

  /** The same while it is not over. */
  running(same: Pick<JobFacts, "project" | "kind" | "name">): JobFacts | undefined {
    const job = this.last(same);
    return job === undefined || isOver(job) ? undefined : job;
  }

  stop(id: string): void {
    this.#jobs.get(id)?.stop();
  }

  /** Breaks off all work, and waits for its end. */
  async leave(): Promise<void> {
    for (const job of this.#jobs.values()) job.leave();
    await this.#queue.over();
  }
}
