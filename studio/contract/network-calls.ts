// Calls about the network of a run, or of an opened model, and about what its layers put out for a picture.
import * as z from "zod";
import { ASKED_IMAGE, COUNT, call, NAME, PROJECT } from "./call.js";
import type { OpenedNetwork, PackedMaps, SumFacts } from "./network-facts.js";

const RUN = { project: PROJECT, run: NAME };

export const NETWORK_CALLS = {
  network: call<OpenedNetwork>()(z.strictObject(RUN)),
  /** Some channels of every layer's output for an image, small. */
  previews: call<readonly PackedMaps[]>()(z.strictObject({ ...RUN, image: ASKED_IMAGE })),
  /** A layer's whole output for an image. */
  layerMaps: call<PackedMaps>()(z.strictObject({ ...RUN, image: ASKED_IMAGE, layer: NAME })),
  /** The kernel behind a channel, over its window of an image. */
  channelSum: call<SumFacts>()(
    z.strictObject({ ...RUN, image: ASKED_IMAGE, layer: NAME, channel: COUNT, at: z.tuple([COUNT, COUNT]) }),
  ),
} as const;
