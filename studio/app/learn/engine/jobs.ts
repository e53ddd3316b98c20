// All jobs of the lecture's pages: a total table, each loaded when it is first asked for. A page's job lies beside the page.
// Modules that only the worker loads: the page knows their types alone.
import type { Job } from "./job.ts";

export const JOBS = {
  picture: () => import("./pictures.ts").then(({ picture }) => picture),
  isPictureKept: () => import("./pictures.ts").then(({ isPictureKept }) => isPictureKept),
  keepPicture: () => import("./pictures.ts").then(({ keepPicture }) => keepPicture),
  convolve: () => import("../convolution/job.ts").then(({ convolve }) => convolve),
  pool: () => import("../pooling/job.ts").then(({ pool }) => pool),
  storedBytes: () => import("../numbers/job.ts").then(({ storedBytes }) => storedBytes),
  network: () => import("../networks/job.ts").then(({ network }) => network),
  activations: () => import("../networks/job.ts").then(({ activationsOf }) => activationsOf),
  residual: () => import("../networks/residual-job.ts").then(({ residual }) => residual),
  feature: () => import("../features/job.ts").then(({ feature }) => feature),
  keepNetwork: () => import("../features/job.ts").then(({ keepNetwork }) => keepNetwork),
  ownNetwork: () => import("../features/job.ts").then(({ ownNetwork }) => ownNetwork),
  searches: () => import("../tuning/job.ts").then(({ searches }) => searches),
  keepStudy: () => import("../tuning/study-job.ts").then(({ keepStudy }) => keepStudy),
  givenStudy: () => import("../tuning/study-job.ts").then(({ givenStudy }) => givenStudy),
  transfer: () => import("../transfer/job.ts").then(({ transfer }) => transfer),
  variants: () => import("../augmentation/job.ts").then(({ variants }) => variants),
} as const;

export type Jobs = typeof JOBS;
export type JobName = keyof Jobs;
type JobOf<N extends JobName> = Awaited<ReturnType<Jobs[N]>>;

export type JobInput<N extends JobName> = Parameters<JobOf<N>>[0];
export type JobOutput<N extends JobName> = Awaited<ReturnType<JobOf<N>>>;
export type JobProgress<N extends JobName> = JobOf<N> extends Job<never, unknown, infer Progress> ? Progress : never;

/** Messages of the page to the worker. */
export type ToEngine =
  | { readonly kind: "ask"; readonly id: number; readonly name: JobName; readonly input: unknown }
  | { readonly kind: "stop"; readonly id: number };

/** Messages of the worker to the page. */
export type FromEngine =
  | { readonly kind: "progress"; readonly id: number; readonly progress: unknown }
  | { readonly kind: "done"; readonly id: number; readonly output: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly sentence: string };
