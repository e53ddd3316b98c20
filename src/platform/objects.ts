// Objects of http(s) and S3-like stores, whose addresses a user gave: bounded in bytes and time, never followed elsewhere.
// A store that says no (404, 403) is told from one that cannot be reached, which another attempt may mend.
import { showByteSize } from "../core/byte-size.js";
import { joinBytes } from "../core/bytes.js";
import { FoveaError } from "../core/errors.js";

/** A store that gave no answer, or asked for patience, after all attempts. */
export class UnreachableObject extends FoveaError {
  override name = "UnreachableObject";

  constructor(message: string, options?: ErrorOptions) {
    super("unreachable", message, options);
  }
}

export interface ObjectOptions {
  /** The most bytes of an object. */
  readonly mostBytes: number;
  /** Seconds until an attempt is given up. Default 60. */
  readonly timeout?: number;
  /** Attempts before a store counts as out of reach. Default 4. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, twice as many before each further one. Default 500. */
  readonly pause?: number;
}

/** An address without its query and fragment, for names and messages: signatures are secrets. */
export function nameOfAddress(address: string): string {
  const url = new URL(address);
  return url.origin + url.pathname;
}

/** Tells addresses from paths. */
export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

/**
 * The bytes of an object.
 * @throws UnreachableObject where its store does not answer; FoveaError for a refusal, a redirection and a size above the limit
 * @example const bytes = await fetchObject("https://photos.s3.eu-central-1.amazonaws.com/a.jpg", { mostBytes: 64 << 20 });
 */
export async function fetchObject(address: string, options: ObjectOptions): Promise<Uint8Array> {
  const { attempts = 4, pause = 500 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOf(address, options);
    } catch (error) {
      if (!(error instanceof UnreachableObject) || attempt >= attempts) throw error;
      await new Promise((resume) => setTimeout(resume, pause * 2 ** (attempt - 1)));
    }
  }
}

async function attemptOf(address: string, { mostBytes, timeout = 60 }: ObjectOptions): Promise<Uint8Array> {
  const name = nameOfAddress(address);
  const unreachable = (cause: unknown): UnreachableObject =>
    new UnreachableObject(
      `cannot reach ${new URL(address).host} for ${name}; check the connection and run the same command again`,
      { cause },
    );
  const signal = AbortSignal.timeout(1000 * timeout);
  const response = await fetch(address, { redirect: "manual", signal }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  const { status, headers } = response;
  if (status !== 200) {
    await response.body?.cancel();
    if (status >= 500 || status === 429 || status === 408) throw unreachable(new Error(`status ${status}`));
    if (status >= 300 && status < 400)
      throw new FoveaError(
        "server-refused",
        `${name}: its server points elsewhere (${status}), where nothing is fetched; give the final address`,
      );
    throw new FoveaError(
      "server-refused",
      `${name}: its server answers ${status}; check the address and the right to read it`,
    );
  }
  const tooLarge = new FoveaError(
    "too-large",
    `${name}: it has more than ${showByteSize(mostBytes)}, the most that is fetched`,
  );
  if (Number(headers.get("content-length") ?? 0) > mostBytes) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of response.body ?? []) {
      size += piece.length;
      if (size > mostBytes) throw tooLarge;
      pieces.push(piece);
    }
  } catch (error) {
    throw error === tooLarge ? error : unreachable(error);
  }
  return joinBytes(pieces);
}
