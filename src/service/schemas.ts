// Schemas of requests and answers: requests are checked by them, and the OpenAPI description is written from them.
import * as z from "zod";

const name = z.string().min(1).max(256);
const shape = z.array(z.int().min(1)).max(8);
const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const METADATA_TENSOR = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });

/** POST /v2/models/NAME/infer. */
export const INFER_REQUEST = z.strictObject({
  id: z.string().max(256).optional(),
  parameters: parameters.optional(),
  inputs: z
    .array(
      z.strictObject({
        name,
        shape,
        datatype: name,
        parameters: parameters.optional(),
        data: z.json().optional().describe("Numbers, flat or nested; absent with binary_data_size"),
      }),
    )
    .min(1)
    .max(16),
  outputs: z
    .array(z.strictObject({ name, parameters: parameters.optional() }))
    .max(64)
    .optional(),
});
export type InferRequest = z.output<typeof INFER_REQUEST>;

export const INFER_RESPONSE = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.int()),
      datatype: z.string(),
      parameters: parameters.optional(),
      data: z.array(z.union([z.number(), z.string()])).optional(),
    }),
  ),
});

export const SERVER_METADATA = z.object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) });

export const MODEL_METADATA = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(METADATA_TENSOR),
  outputs: z.array(METADATA_TENSOR),
});

export const MODEL_READY = z.object({ name: z.string(), ready: z.boolean() });
export const LIVE = z.object({ live: z.boolean() });
export const READY = z.object({ ready: z.boolean() });
export const FAILURE = z.object({ error: z.string(), code: z.string() });

/** POST /v1/predict. */
export const PREDICTIONS = z.object({
  model_name: z.string(),
  model_version: z.string(),
  predictions: z.array(
    z.looseObject({
      image: z.string(),
      sha256: z.string().optional(),
      task: z.string().optional(),
      accepted: z.boolean(),
      reason: z.string().optional(),
      error: z.string().optional(),
      code: z.string().optional(),
    }),
  ),
});

/** POST /v2/repository/index. */
export const REPOSITORY = z.array(z.object({ name: z.string(), version: z.string(), state: z.string() }));
