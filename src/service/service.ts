// A service of models: its models, limits, measures and logs, and its life from ready to drained. `fetch` answers web
// requests; listen.ts gives it a port.
import { FoveaError } from "../core/errors.js";
import { checkOptions, wholeNumber } from "../core/options.js";
import type { OpenedModel } from "../experiment/models/index.js";
import { hardwareThreads } from "../platform/workers.js";
import { type Access, checkToken } from "./access.js";
import { BodyBudget } from "./body.js";
import { DecisionWriter } from "./decision-writer.js";
import type { Answering, HostOptions, ModelSpec } from "./hosted-model.js";
import { limitsFrom, type ServiceLimits } from "./limits.js";
import type { LogLine } from "./log-line.js";
import { Metrics } from "./metrics.js";
import type { ServiceParts } from "./parts.js";
import { PhotoDecoder } from "./photos.js";
import { Registry } from "./registry.js";
import { type Caller, routes } from "./routes.js";

/** Options of `Service.open`. */
export interface ServiceOptions {
  /** The models, each under a name and a version. */
  readonly models: readonly ModelSpec[];
  /** Limits that differ from the defaults. Default: those of `ServiceLimits`. */
  readonly limits?: Partial<ServiceLimits>;
  /** Word that requests must carry; without it all programs that reach the port may ask. */
  readonly token?: string;
  /** False for a service that other machines ask. Default true: requests for other hosts than this one are refused. */
  readonly isLocal?: boolean;
  /** Threads that compute, each with a copy of the weights. Default: what the machine has, at most 8. */
  readonly threads?: number;
  /** Path of a decision log; answers about photos are written to it before they are sent. Default: none. */
  readonly decisionLog?: string;
  /**
   * The settings of answers about a model's photos: number of classes, calibration, rules. Default: those of the run.
   * @param opened The model with its run.
   */
  readonly answering?: (opened: OpenedModel) => Promise<Answering>;
  /** Facts that files of models from elsewhere lack, such as classes. Default: none. */
  readonly opening?: HostOptions["opening"];
  /**
   * Takes lines of the log. Default: none.
   * @param line Time, request and outcome.
   */
  readonly log?: (line: LogLine) => void;
}

const OPTIONS = [
  "models",
  "limits",
  "token",
  "isLocal",
  "threads",
  "decisionLog",
  "answering",
  "opening",
  "log",
] as const;

/** Threads that a service has unless it is told otherwise: each has a copy of the weights. */
const MOST_COPIES = 8;

/** Milliseconds between two looks at what is still in work. */
const LOOK = 20;

/** Models behind an HTTP interface, without a socket: requests go in, responses come out. `listen` gives it a port. */
export class Service implements ServiceParts {
  /** The models that are open. */
  readonly registry: Registry;
  /** The bounds of requests. */
  readonly limits: ServiceLimits;
  /** The rule who may ask. */
  readonly access: Access;
  /** Counters of requests and samples. */
  readonly metrics: Metrics;
  /** Bytes of bodies that are in memory. */
  readonly bodies: BodyBudget;
  /** The decoder of image files. */
  readonly photos: PhotoDecoder;
  readonly decisions: DecisionWriter | undefined;
  /**
   * Takes lines of the log.
   * @param line A record of an answered request or of an event, written as a line of JSON.
   */
  readonly log: (line: LogLine) => void;
  /**
   * Answers a request of the web.
   * @param request The request.
   * @param caller Tells when the connection ends before the answer; default, never.
   */
  readonly fetch: (request: Request, caller?: Caller) => Response | Promise<Response>;
  #isDraining = false;
  #inWork = 0;

  private constructor(
    registry: Registry,
    metrics: Metrics,
    limits: ServiceLimits,
    threads: number,
    decisions: DecisionWriter | undefined,
    { token, isLocal = true, log = () => undefined }: ServiceOptions,
  ) {
    this.registry = registry;
    this.limits = limits;
    this.access = { isLocal, ...(token === undefined ? {} : { token }) };
    this.metrics = metrics;
    this.bodies = new BodyBudget(limits.bytesInFlight);
    this.photos = new PhotoDecoder(Math.max(2, threads), limits);
    this.decisions = decisions;
    this.log = log;
    const app = routes(this);
    this.fetch = (request, caller) => app.fetch(request, caller);
  }

  /**
   * Opens models for requests.
   * @throws FoveaError for a model that cannot be opened, a token that can be guessed, and options that make no sense
   * @example
   * const service = await Service.open({ models: [modelSpec("runs/pets")], threads: 1 });
   * const response = await service.fetch(new Request("http://127.0.0.1/v2"));
   * await service.close();
   */
  static async open(options: ServiceOptions): Promise<Service> {
    checkOptions("service", options, OPTIONS);
    const limits = limitsFrom(options.limits);
    const threads =
      options.threads === undefined
        ? Math.min(MOST_COPIES, await hardwareThreads())
        : wholeNumber("threads", options.threads, 1);
    if (options.token !== undefined) checkToken(options.token);
    if (options.token === undefined && options.isLocal === false)
      options.log?.({ level: "warn", event: "open", message: "every program that reaches this service may ask it" });
    const decisions = options.decisionLog === undefined ? undefined : await DecisionWriter.open(options.decisionLog);
    const metrics = new Metrics();
    const answering = options.answering ?? (async (): Promise<Answering> => ({}));
    const registry = await Registry.open(options.models, {
      ...{ limits, metrics, threads, answering, log: options.log ?? (() => undefined) },
      opening: options.opening ?? {},
    });
    const service = new Service(registry, metrics, limits, threads, decisions, options);
    for (const { opened } of registry.all)
      if (opened.preprocessing !== undefined) await service.photos.open(opened.preprocessing);
    return service;
  }

  /** True until the service drains. */
  get isReady(): boolean {
    return !this.#isDraining;
  }

  /**
   * Does work that a drain waits for.
   * @param work Work that ends on its own.
   */
  async during(work: () => Promise<void>): Promise<void> {
    this.#inWork++;
    try {
      await work();
    } finally {
      this.#inWork--;
    }
  }

  /** Measures as Prometheus reads them. */
  measures(): string {
    for (const { spec, rows } of this.registry.all)
      this.metrics.set("fovea_queue_samples", rows, { model: spec.name, version: spec.version });
    this.metrics.set("fovea_body_bytes", this.bodies.bytes);
    this.metrics.set("fovea_ready", Number(this.isReady));
    this.metrics.set("process_resident_memory_bytes", residentBytes());
    return this.metrics.text();
  }

  /** Opens all models again, each in place of the old one. @throws FoveaError naming those that could not be, which stay as they were */
  async reload(): Promise<void> {
    const failed: string[] = [];
    for (const name of new Set(this.registry.all.map(({ spec }) => spec.name)))
      await this.registry.reload(name).catch((error: Error) => failed.push(`${name}: ${error.message}`));
    if (failed.length > 0) throw new FoveaError("unknown-model", failed.join("; "));
  }

  /**
   * Answers what it has taken and refuses everything else with 503.
   * @param seconds the longest wait
   * @returns requests that are still in work then
   */
  async drain(seconds: number): Promise<number> {
    this.#isDraining = true;
    const until = performance.now() + 1000 * seconds;
    while (this.#inWork > 0 && performance.now() < until) await new Promise((resume) => setTimeout(resume, LOOK));
    return this.#inWork;
  }

  /** Closes models and threads. */
  async close(): Promise<void> {
    this.#isDraining = true;
    await this.photos.close();
    await this.registry.close();
  }
}

const residentBytes = (): number => (typeof process === "undefined" ? 0 : process.memoryUsage.rss());
