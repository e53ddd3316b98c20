// Models over HTTP, for programs, as `fovea serve` has them: the entry `fovea/service`. A service answers web requests, and
// `listen` gives it a port of Node.
export { type Access, checkToken, sameSecret } from "./access.js";
export type { Answering, ModelSpec } from "./hosted-model.js";
export { limitsFrom, type ServiceLimits } from "./limits.js";
export { type Listening, type ListenOptions, listen, refusedPort } from "./listen.js";
export type { LogLine } from "./log-line.js";
export { describeService } from "./openapi.js";
export { modelSpec } from "./registry.js";
export { Service, type ServiceOptions } from "./service.js";
export { ServiceError } from "./service-error.js";
