// Addresses of a service, by Hono: who may ask, the size and time of a request, and which model answers. Pure functions of web
// requests, so that a test or another server asks them without a port.
import { type Context, Hono } from "hono";
import { VERSION } from "../core/version.js";
import { checkAccess } from "./access.js";
import { readBody } from "./body.js";
import { HashedPhotos } from "./hashed-photos.js";
import { checkGivesTensors, checkTakesPhotos, type HostedModel } from "./hosted-model.js";
import { JSON_LENGTH, modelMetadata, readInference, writeInference } from "./infer.js";
import { describeService } from "./openapi.js";
import type { ServiceParts } from "./parts.js";
import { photosIn } from "./photos.js";
import { refusalOf, ServiceError } from "./service-error.js";

/** Facts of a request for its line in the log. */
interface Variables {
  readonly id: string;
  readonly signal: AbortSignal;
  model?: string;
  rows?: number;
  /** True once the body of the request has been read. */
  isRead?: boolean;
  /** The reason of a failure, for the log alone. */
  fault?: string;
}

/** The connection of a request, where a server has one. */
export interface Caller {
  /** Calls `leave` when the caller goes before the answer. */
  readonly onGone?: (leave: () => void) => void;
}

type Env = { Variables: Variables; Bindings: Caller };
type Asked = Context<Env>;

/** Addresses that probes ask without a token. */
const OPEN = ["/v2/health/live", "/v2/health/ready"];

export function routes(service: ServiceParts): Hono<Env> {
  const app = new Hono<Env>();
  app.use("*", (context, next) => guarded(service, context, next));
  app.onError((error, context) => refused(context, error));
  app.notFound((context) =>
    refused(context, new ServiceError(404, "not-found", `there is nothing at ${context.req.path}; see /openapi.json`)),
  );

  app.get("/v2/health/live", (context) => context.json({ live: true }));
  app.get("/v2/health/ready", (context) => context.json({ ready: service.isReady }, service.isReady ? 200 : 503));
  app.get("/v2", (context) =>
    context.json({ name: "fovea", version: VERSION, extensions: ["binary_tensor_data", "model_repository"] }),
  );
  app.get("/openapi.json", (context) => context.json(describeService()));
  app.get("/metrics", (context) =>
    context.body(service.measures(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
  for (const path of ["/v2/models/:name", "/v2/models/:name/versions/:version"]) {
    app.get(path, (context) => {
      const model = modelOf(service, context);
      return context.json(modelMetadata(model, service.registry.versionsOf(model.spec.name)));
    });
    app.get(`${path}/ready`, (context) =>
      context.json({ name: modelOf(service, context).spec.name, ready: service.isReady }),
    );
    app.post(`${path}/infer`, (context) => infer(service, context));
  }
  app.post("/v2/repository/index", (context) =>
    context.json(service.registry.all.map(({ spec: { name, version } }) => ({ name, version, state: "READY" }))),
  );
  app.post("/v2/repository/models/:name/load", async (context) => {
    const { name } = modelOf(service, context).spec;
    await service.registry.reload(name);
    return context.json({});
  });
  app.post("/v1/predict", (context) => predict(service, context));
  return app;
}

/** Guards a request: checks who asks, ends it at its deadline, and writes its line in the log. */
async function guarded(
  service: ServiceParts,
  context: Asked,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  const { limits, access, metrics } = service;
  const started = performance.now();
  const { req } = context;
  const isOpen = OPEN.includes(req.path);
  const id = requestId(req.header("x-request-id"));
  const deadline = new AbortController();
  const timer = setTimeout(
    () =>
      deadline.abort(
        new ServiceError(
          504,
          "timed-out",
          `no answer within ${limits.deadline} ms; try again later, or send fewer samples`,
        ),
      ),
    limits.deadline,
  );
  context.set("id", id);
  context.header("X-Request-Id", id);
  context.header("X-Content-Type-Options", "nosniff");
  context.header("Cache-Control", "no-store");
  const leave = (): void => deadline.abort(new ServiceError(408, "timed-out", "the caller has gone"));
  // The signal of a request costs as much as all the rest of it, so that a server tells of its connection itself.
  const { onGone } = context.env ?? {};
  if (onGone !== undefined) onGone(leave);
  else if (req.raw.signal.aborted) leave();
  else req.raw.signal.addEventListener("abort", leave, { once: true });
  context.set("signal", deadline.signal);
  try {
    checkAccess(isOpen ? { isLocal: access.isLocal } : access, req.raw.headers);
    if (!isOpen && !service.isReady)
      throw new ServiceError(503, "overloaded", "this service is ending; ask another one", 1);
    await (isOpen ? next() : service.during(next));
  } catch (error) {
    context.res = refused(context, error);
  } finally {
    clearTimeout(timer);
  }
  const { status } = context.res;
  const seconds = (performance.now() - started) / 1000;
  const route = req.routePath === "*" || req.routePath === "/*" ? "none" : req.routePath;
  metrics.add("fovea_requests_total", { route, status });
  metrics.observe("fovea_request_seconds", seconds, { route });
  const { model, rows, fault } = context.var;
  service.log({
    level: status >= 500 ? "error" : "info",
    event: "request",
    ...{ id, method: req.method, path: req.path.slice(0, 300), status, ms: Math.round(1e6 * seconds) / 1000 },
    ...(model === undefined ? {} : { model }),
    ...(rows === undefined ? {} : { rows }),
    ...(fault === undefined ? {} : { fault }),
  });
  return undefined;
}

/** An identifier of the caller that is plain, else a random one. */
const requestId = (wanted: string | undefined): string =>
  wanted !== undefined && /^[\w.:-]{1,128}$/.test(wanted) ? wanted : crypto.randomUUID();

function refused(context: Asked, error: unknown): Response {
  const { status, code, message, retryAfter } = refusalOf(error);
  if (status >= 500 || !(error instanceof Error))
    context.set("fault", error instanceof Error ? (error.stack ?? error.message) : String(error));
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (retryAfter !== undefined) headers["Retry-After"] = String(retryAfter);
  // The rest of a body stands in the way of the next request on the same connection.
  if (context.req.method === "POST" && context.var.isRead !== true) headers.Connection = "close";
  if (status === 401) headers["WWW-Authenticate"] = 'Bearer realm="fovea"';
  return context.newResponse(JSON.stringify({ error: message, code }), { status, headers });
}

function modelOf(service: ServiceParts, context: Asked): HostedModel {
  const parameters = new Map(Object.entries(context.req.param()));
  return service.registry.find(parameters.get("name") ?? "", parameters.get("version"));
}

const numberOf = (spec: HostedModel["spec"]): string => `${spec.name}/${spec.version}`;

async function infer(service: ServiceParts, context: Asked): Promise<Response> {
  const model = modelOf(service, context);
  checkGivesTensors(model);
  context.set("model", numberOf(model.spec));
  return model.use(async () => {
    const { req } = context;
    const body = await readBody(req.raw, service.limits, service.bodies, context.var.signal);
    context.set("isRead", true);
    try {
      const inference = readInference(body.bytes, req.header(JSON_LENGTH), model, service.limits);
      const rows = inference.x.shape[0]!;
      context.set("rows", rows);
      const leave = model.admit(rows);
      const outputs = await model.infer(inference.x, context.var.signal).finally(leave);
      const answer = writeInference(model, inference, outputs);
      const headers: Record<string, string> = { "Content-Type": answer.type };
      if (answer.jsonLength !== undefined) headers[JSON_LENGTH] = String(answer.jsonLength);
      return context.body(answer.body as Uint8Array<ArrayBuffer>, 200, headers);
    } finally {
      body.release();
    }
  });
}

async function predict(service: ServiceParts, context: Asked): Promise<Response> {
  const { req } = context;
  const name = req.query("model") ?? service.registry.only;
  if (name === undefined)
    throw new ServiceError(400, "missing-option", "there are several models; say which by ?model=NAME");
  const model = service.registry.find(name, req.query("version"));
  checkTakesPhotos(model);
  context.set("model", numberOf(model.spec));
  return model.use(async () => {
    const body = await readBody(req.raw, service.limits, service.bodies, context.var.signal);
    context.set("isRead", true);
    try {
      const photos = await photosIn(body.bytes, req.header("content-type") ?? "", service.limits);
      context.set("rows", photos.length);
      const leave = model.admit(photos.length);
      const answered = new HashedPhotos(service, model, photos);
      const predictions = await answered.answer(context.var.signal).finally(leave);
      const [first] = predictions;
      const told = { model_name: model.spec.name, model_version: model.spec.version, predictions };
      // A lone photo that cannot be read is a refusal; among several it does not hide the others.
      if (predictions.length === 1 && first !== undefined && "error" in first)
        return context.json({ error: first.error, code: first.code, ...told }, 422);
      return context.json(told);
    } finally {
      body.release();
    }
  });
}
