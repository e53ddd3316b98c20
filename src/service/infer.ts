// Inference as the Open Inference Protocol v2 has it, with its extension for binary tensors: a JSON object, behind which the
// bytes of tensors may follow in the order of the inputs. https://github.com/kserve/open-inference-protocol
import { joinBytes } from "../core/bytes.js";
import type { Json } from "../core/json.js";
import type { Tensor } from "../core/tensor.js";
import { checkJson, parseJson, withSpokenNumbers } from "../formats/json.js";
import type { HostedModel } from "./hosted-model.js";
import type { ServiceLimits } from "./limits.js";
import { INFER_REQUEST, type InferRequest } from "./schemas.js";
import { ServiceError } from "./service-error.js";
import { checkInput, fromBytes, fromJson, type Samples, toBytes } from "./tensors.js";

/** Header that says where the JSON of a body with binary tensors ends. */
export const JSON_LENGTH = "Inference-Header-Content-Length";

export interface Inference {
  readonly request: InferRequest;
  readonly x: Samples;
}

/** A request read from its body. @throws ServiceError or FoveaError naming what is wrong with it */
export function readInference(
  bytes: Uint8Array,
  jsonLength: string | undefined,
  { opened: { model } }: Pick<HostedModel, "opened">,
  { jsonBytes, queue }: ServiceLimits,
): Inference {
  const end = jsonLength === undefined ? bytes.length : Number(jsonLength);
  if (!Number.isInteger(end) || end < 0 || end > bytes.length)
    throw new ServiceError(
      400,
      "out-of-range",
      `${JSON_LENGTH}: expected a length within the body of ${bytes.length} bytes, received ${jsonLength}`,
    );
  if (end > jsonBytes)
    throw new ServiceError(
      413,
      "too-large",
      `expected at most ${jsonBytes} bytes of JSON; send tensors as binary data (${JSON_LENGTH})`,
    );
  const request = checkJson("the request", INFER_REQUEST, parseJson("the request", bytes.subarray(0, end)));
  const [input, ...others] = request.inputs as [InferRequest["inputs"][number], ...InferRequest["inputs"]];
  const [expected] = inputNames(model);
  if (others.length > 0 || input.name !== expected)
    throw new ServiceError(
      400,
      "wrong-field",
      `expected one input with the name ${expected}, received ${request.inputs.map(({ name }) => name).join(", ")}`,
    );
  checkInput(input, model.inputShape, queue);
  const size = input.parameters?.binary_data_size;
  if (size === undefined) {
    if (end < bytes.length)
      throw new ServiceError(
        400,
        "length-mismatch",
        `input ${input.name}: bytes follow the JSON, but no input has binary_data_size`,
      );
    return { request, x: fromJson(input, input.data as Json | undefined, end) };
  }
  if (input.data !== undefined)
    throw new ServiceError(
      400,
      "conflicting-options",
      `input ${input.name}: it has both data and binary_data_size; leave one out`,
    );
  if (size !== bytes.length - end)
    throw new ServiceError(
      400,
      "length-mismatch",
      `input ${input.name}: expected ${String(size)} bytes behind the JSON, received ${bytes.length - end}`,
    );
  return { request, x: fromBytes(input, bytes.subarray(end)) };
}

type Model = HostedModel["opened"]["model"];

/** Names of a model's inputs, in order. */
export const inputNames = (model: Model): readonly string[] => model.ports.inputs.map(({ name }) => name);

/** An answer: its bytes, its type, and the length of its JSON where bytes of tensors follow. */
export interface InferenceAnswer {
  readonly body: Uint8Array;
  readonly type: string;
  readonly jsonLength?: number;
}

/** The outputs that were asked for. @throws ServiceError for an output that the model does not have */
export function writeInference(
  { spec, opened: { model } }: Pick<HostedModel, "spec" | "opened">,
  { request }: Inference,
  outputs: readonly Tensor<"float32">[],
): InferenceAnswer {
  const names = model.outputNames;
  const wanted = request.outputs ?? names.map((name) => ({ name, parameters: undefined }));
  const asBinary = request.parameters?.binary_data_output === true;
  const binary: Uint8Array[] = [];
  const told = wanted.map(({ name, parameters }) => {
    const at = names.indexOf(name);
    const output = outputs[at];
    if (output === undefined)
      throw new ServiceError(400, "unknown-entry", `there is no output ${name}; expected one of ${names.join(", ")}`);
    const head = { name, shape: [...output.shape], datatype: "FP32" };
    if (!(parameters?.binary_data ?? asBinary)) return { ...head, data: withSpokenNumbers(Array.from(output.data)) };
    const bytes = toBytes(output);
    binary.push(bytes);
    return { ...head, parameters: { binary_data_size: bytes.length } };
  });
  const { id } = request;
  const json = new TextEncoder().encode(
    JSON.stringify({
      model_name: spec.name,
      model_version: spec.version,
      ...(id === undefined ? {} : { id }),
      outputs: told,
    }),
  );
  if (binary.length === 0) return { body: json, type: "application/json" };
  const body = joinBytes([json, ...binary]);
  return { body, type: "application/octet-stream", jsonLength: json.length };
}

/** Metadata of a model. */
export function modelMetadata({ spec, opened }: Pick<HostedModel, "spec" | "opened">, versions: readonly string[]) {
  const { model, preprocessing } = opened;
  const datatype = preprocessing === undefined ? "FP32" : "UINT8";
  return {
    name: spec.name,
    versions: [...versions],
    platform: "fovea",
    inputs: inputNames(model).map((name) => ({ name, datatype, shape: [-1, ...model.inputShape] })),
    // Outputs of operators behind the layers have no fixed shape, and infer does not give them.
    outputs:
      opened.detector?.tail === undefined
        ? model.outputNames.map((name, at) => ({ name, datatype: "FP32", shape: [-1, ...model.outputShapes[at]!] }))
        : [],
  };
}
