// The sentence about what the cache cannot keep, because it is larger than the whole cache may be.
import { readableSize } from "../../nn/model/summary.js";
import type { TooLarge } from "../../platform/cache.js";

/** @param what what was computed, such as `the decoded images of Train` */
export const notKept = (what: string, { bytes, limit }: TooLarge): string =>
  `${what} (${readableSize(bytes)}) are not kept for the next command: the whole cache may take ${readableSize(limit)}; ` +
  "raise that with fovea cache limit";
