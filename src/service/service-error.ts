// Refusals of a service: a status of HTTP, and a sentence that names the thing, the rule and the fix.
import type { ErrorCode } from "../core/error-codes/index.js";
import { FoveaError } from "../core/errors.js";

/** Statuses that a service refuses with. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 422 | 429 | 500 | 503 | 504;

/**
 * A refusal of a request.
 * @param status The HTTP status.
 * @param code The kind of the fault.
 * @param message One sentence: the thing, the rule, the fix.
 * @param retryAfter Seconds until the caller may ask again; default none.
 * @example const error = new ServiceError(404, "not-found", "no model is named x; GET /v2/models lists them");
 */
export class ServiceError extends FoveaError {
  override name = "ServiceError";

  constructor(
    readonly status: RefusalStatus,
    code: ErrorCode,
    message: string,
    /** Seconds after which another attempt may succeed. */
    readonly retryAfter?: number,
  ) {
    super(code, message);
  }
}

/** The refusal that an error means: a mistake of the caller is 400, anything else a fault of the service. */
export function refusalOf(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof FoveaError) return new ServiceError(400, error.code, error.message);
  return new ServiceError(500, "internal-mistake", "the service failed at this request; its log has the reason");
}
