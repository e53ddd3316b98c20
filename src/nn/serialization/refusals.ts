// Refusals of layers that files may hold and Fovea does not read, each with the layer's name and a remedy.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type JsonObject } from "../../core/json.js";
import { EXPORT_AS_ONNX } from "../config/keras-object.js";

/** Name of a file's layer in messages: `Dense "dense_1"`. */
const called = (className: string, config: JsonObject): string =>
  typeof config.name === "string" ? `${className} "${config.name}"` : className;

/** @throws FoveaError for layers that are code, and for weights in a form that is not read. */
export function refuseUnreadable(className: string, config: JsonObject): void {
  if (className === "Lambda")
    throw new FoveaError(
      "unsupported-layer",
      `the layer ${called(className, config)} is a function of Python, which is never executed; replace it in Keras by ` +
        "layers or keras.ops that do the same, and save the model again",
    );
  const { dtype } = config;
  const policy = isJsonObject(dtype) && isJsonObject(dtype.config) ? dtype.config : {};
  const mode =
    policy.mode ?? (typeof policy.name === "string" ? /^(int\d|float8|gptq|awq)/.exec(policy.name)?.[1] : undefined);
  if (isJsonObject(dtype) && (dtype.class_name as string).startsWith("Quantized") && typeof mode === "string")
    throw new FoveaError(
      "unsupported-layer",
      `the layer ${called(className, config)} is quantized to ${mode}, which is not read; save the model in Keras ` +
        "before quantize() is called",
    );
  if (className === "TFOpLambda" || className === "SlicingOpLambda")
    throw new FoveaError(
      "unsupported-layer",
      `the layer ${called(className, config)} is an operation of TensorFlow; save the model with Keras 3, whose ` +
        "keras.ops are read",
    );
}

/** @throws FoveaError for a penalty on the output of a layer that adds none here, and would train to other weights. */
export function refuseActivityPenalty(className: string, config: JsonObject): void {
  if (config.activity_regularizer === null || config.activity_regularizer === undefined) return;
  throw new FoveaError(
    "unsupported-layer",
    `the layer ${called(className, config)} has an activity_regularizer, which only layers with kernels have here; save ` +
      "the model in Keras without it, or put it on the layer before",
  );
}

/** The error for a class that Fovea does not have. */
export function unknownLayer(className: string, { config, registered_name: registered }: JsonObject): FoveaError {
  const name = called(className, isJsonObject(config) ? config : {});
  const isCustom = typeof registered === "string" && registered.includes(">");
  return new FoveaError(
    "unsupported-layer",
    isCustom
      ? `the layer ${name} is a class of its author's own (${registered}), whose code is not in the file; ${EXPORT_AS_ONNX}`
      : `the layer ${name} is of a class that Fovea does not have; check how it is spelt, or ${EXPORT_AS_ONNX}`,
  );
}
