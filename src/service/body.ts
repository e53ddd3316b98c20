// Bodies of requests: never larger than is allowed, and all of them together within a budget, however they arrive.
import { joinBytes } from "../core/bytes.js";
import type { ServiceLimits } from "./limits.js";
import { ServiceError } from "./service-error.js";
import { untilAborted } from "./until-aborted.js";

/** Bytes of bodies that are in memory. */
export class BodyBudget {
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @returns gives the bytes back @throws ServiceError 429 where there is no room */
  take(bytes: number): () => void {
    if (this.#bytes + bytes > this.#most)
      throw new ServiceError(
        429,
        "overloaded",
        `bodies of ${this.#bytes} bytes are in work, and at most ${this.#most} may be; try again later`,
        1,
      );
    this.#bytes += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.#bytes -= bytes;
      isHeld = false;
    };
  }
}

/** A body, and what gives its bytes back to the budget. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly release: () => void;
}

/**
 * Reads the body of a request.
 * @param signal of the request: its deadline
 * @throws ServiceError 413 for one that is too large, 415 for one that is packed, 400 for none
 */
export async function readBody(
  request: Request,
  { bodyBytes }: ServiceLimits,
  budget: BodyBudget,
  signal: AbortSignal,
): Promise<Body> {
  const packed = request.headers.get("content-encoding");
  if (packed !== null && packed !== "identity")
    throw new ServiceError(
      415,
      "unsupported-feature",
      "expected a body that is not compressed; leave Content-Encoding out",
    );
  const told = request.headers.get("content-length");
  const length = told === null ? undefined : Number(told);
  if (length !== undefined && !(length <= bodyBytes)) throw tooLarge(bodyBytes);
  if (length === 0) throw noBody();
  // A body of unknown length counts as the largest there may be.
  const release = budget.take(length ?? bodyBytes);
  // The stream of a body costs more than its bytes: it is asked for only where nothing tells their number.
  const reading = length === undefined ? pieces(request.body, bodyBytes) : whole(request);
  // The bytes count until they have stopped coming, also of a request that was given up.
  reading.catch(release);
  const bytes = await untilAborted(reading, signal, release);
  if (bytes.length > 0) return { bytes, release };
  release();
  throw noBody();
}

const noBody = (): ServiceError => new ServiceError(400, "empty-input", "expected a body, received none");
const tooLarge = (most: number): ServiceError =>
  new ServiceError(413, "too-large", `expected a body of at most ${most} bytes; send fewer samples at once`);
const broken = (): ServiceError =>
  new ServiceError(400, "damaged-file", "the body ended before all of it had come; send it again");

async function whole(request: Request): Promise<Uint8Array> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch {
    throw broken();
  }
}

async function pieces(body: ReadableStream<Uint8Array> | null, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of body ?? []) {
      size += part.length;
      if (size > most) throw tooLarge(most);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof ServiceError ? error : broken();
  }
  return joinBytes(parts);
}
