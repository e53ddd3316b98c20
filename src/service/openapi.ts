// The OpenAPI description of a service (3.1), written from the schemas that requests are checked by.
import * as z from "zod";
import { VERSION } from "../core/version.js";
import { JSON_LENGTH } from "./infer.js";
import * as schemas from "./schemas.js";

type JsonSchema = ReturnType<typeof z.toJSONSchema>;

interface Operation {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly answer: z.ZodType | string;
  readonly body?: Readonly<Record<string, JsonSchema | object>>;
  readonly isOpen?: true;
  readonly query?: readonly string[];
}

const BINARY = { type: "string", format: "binary" };
const infer = {
  "application/json": { schema: z.toJSONSchema(schemas.INFER_REQUEST, { io: "input" }) },
  "application/octet-stream": {
    schema: { ...BINARY, description: `JSON, then bytes of tensors; ${JSON_LENGTH} has the length of the JSON` },
  },
};
const photos = {
  "image/*": { schema: BINARY },
  "multipart/form-data": {
    schema: { type: "object", properties: { image: { type: "array", items: BINARY } }, required: ["image"] },
  },
};

const forModel = (path: string, rest: Omit<Operation, "path">): Operation[] =>
  ["/v2/models/{name}", "/v2/models/{name}/versions/{version}"].map((start) => ({ ...rest, path: start + path }));

const OPERATIONS: readonly Operation[] = [
  { method: "get", path: "/v2/health/live", summary: "The service runs", answer: schemas.LIVE, isOpen: true },
  {
    method: "get",
    path: "/v2/health/ready",
    summary: "The service takes requests",
    answer: schemas.READY,
    isOpen: true,
  },
  { method: "get", path: "/v2", summary: "Name, version and extensions", answer: schemas.SERVER_METADATA },
  ...forModel("", { method: "get", summary: "Inputs and outputs of a model", answer: schemas.MODEL_METADATA }),
  ...forModel("/ready", { method: "get", summary: "A model takes requests", answer: schemas.MODEL_READY }),
  ...forModel("/infer", {
    method: "post",
    summary: "Outputs for tensors",
    answer: schemas.INFER_RESPONSE,
    body: infer,
  }),
  { method: "post", path: "/v2/repository/index", summary: "All models", answer: schemas.REPOSITORY },
  {
    method: "post",
    path: "/v2/repository/models/{name}/load",
    summary: "Opens a model's file again",
    answer: z.object({}),
  },
  {
    method: "post",
    path: "/v1/predict",
    summary: "Answers about image files, as fovea predict gives them",
    answer: schemas.PREDICTIONS,
    body: photos,
    query: ["model", "version"],
  },
  { method: "get", path: "/metrics", summary: "Measures for Prometheus", answer: "text/plain" },
  { method: "get", path: "/openapi.json", summary: "This description", answer: "application/json" },
];

const failure = {
  description: "A refusal: 400 a mistake, 401 no token, 413 too large, 429 too busy, 503 ending, 504 too late",
  content: { "application/json": { schema: z.toJSONSchema(schemas.FAILURE) } },
};

/** The description as JSON. @example await writeFile("openapi.json", JSON.stringify(describeService())); */
export function describeService(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, summary, answer, body, isOpen, query = [] } of OPERATIONS) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    }));
    const inQuery = query.map((name) => ({ name, in: "query", schema: { type: "string" } }));
    const content =
      typeof answer === "string"
        ? { [answer]: { schema: { type: "string" } } }
        : { "application/json": { schema: z.toJSONSchema(answer) } };
    paths[path] = {
      ...paths[path],
      [method]: {
        summary,
        parameters: [...inPath, ...inQuery],
        ...(body === undefined ? {} : { requestBody: { required: true, content: body } }),
        responses: { "200": { description: summary, content }, default: failure },
        ...(isOpen ? { security: [] } : {}),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Fovea inference", version: VERSION },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    paths,
  };
}
