// Limits of a service, each with its default: what a request may weigh, how long it may take, and how much may wait.
import { checkOptions, wholeNumber } from "../core/options.js";

/** Bounds of requests, so that no caller can exhaust the machine. */
export interface ServiceLimits {
  /** Bytes of a body. Default 32 MiB. */
  readonly bodyBytes: number;
  /** Bytes of a body's JSON, which one thread reads. Default 8 MiB. */
  readonly jsonBytes: number;
  /** Bytes of all bodies together that are in memory. Default 512 MiB. */
  readonly bytesInFlight: number;
  /** Pixels of an image, from its header, before it is decoded. Default 50 million. */
  readonly pixels: number;
  /** Images of one request of files. Default 64. */
  readonly images: number;
  /** Samples of a batch. Default 32. */
  readonly batch: number;
  /** Milliseconds that a sample waits for others to fill its batch. Default 2. */
  readonly delay: number;
  /** Samples of a model that are decoded, wait or are computed. Default 1,024. */
  readonly queue: number;
  /** Milliseconds until a request is given up. Default 30,000. */
  readonly deadline: number;
}

const DEFAULTS: ServiceLimits = {
  bodyBytes: 32 << 20,
  jsonBytes: 8 << 20,
  bytesInFlight: 512 << 20,
  pixels: 50_000_000,
  images: 64,
  batch: 32,
  delay: 2,
  queue: 1024,
  deadline: 30_000,
};

/**
 * The limits with defaults for what is left out.
 * @param options Limits that differ from the defaults.
 * @throws FoveaError for unknown limits and numbers below 1 (delay: 0)
 * @example limitsFrom({ batch: 8 }).deadline; // 30000
 */
export function limitsFrom(options: Partial<ServiceLimits> = {}): ServiceLimits {
  checkOptions("limits", options, Object.keys(DEFAULTS) as (keyof ServiceLimits)[]);
  const limits = { ...DEFAULTS, ...options };
  for (const [name, value] of Object.entries(limits)) wholeNumber(`limits ${name}`, value, name === "delay" ? 0 : 1);
  return limits;
}
