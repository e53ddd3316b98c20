// A port of Node for a function that answers web requests: bounded headers, connections and waits for slow senders, and an end
// that lets answers under way finish. The Studio listens by it as well.
import { type Http2Bindings, type HttpBindings, type ServerType, serve } from "@hono/node-server";
import { FoveaError } from "../core/errors.js";
import { ownValue } from "../core/lookup.js";

/** Options of `listen`. */
export interface ListenOptions {
  /**
   * Answers a request.
   * @param caller tells when the connection ends before the answer
   * @param request A request of the web.
   */
  readonly fetch: (
    request: Request,
    caller: { readonly onGone: (leave: () => void) => void },
  ) => Response | Promise<Response>;
  /** Address to listen at. Default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen at. Default: any that is free. */
  readonly port?: number;
  /** Milliseconds that the headers of a request may take. Default 10,000. */
  readonly headersTimeout?: number;
  /** Milliseconds that a request may take to arrive, its body included. Default 60,000. */
  readonly requestTimeout?: number;
  /** Milliseconds that a connection without requests stays open. Default 5,000. */
  readonly keepAliveTimeout?: number;
  /** Bytes of all headers of a request. Default 16 KiB. */
  readonly headerBytes?: number;
  /** Connections at a time; more are closed at once. Default 4,096. */
  readonly connections?: number;
}

/** A server that listens. */
export interface Listening {
  /** The address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** Takes no connections any more and ends those that are idle; others may finish within `grace` milliseconds (default 0). */
  close(grace?: number): Promise<void>;
}

/** Refusals of a port by the system, by their code. */
const REFUSALS = {
  EADDRINUSE: "is taken",
  EACCES: "is one that only an administrator may use",
  EADDRNOTAVAIL: "is no address of this machine",
  ENOTFOUND: "is no address that is known",
} as const;

/** A port or address that the system refuses. */
export class PortRefused extends FoveaError {
  override name = "PortRefused";

  constructor(
    address: string,
    readonly reason: string,
    cause: unknown,
  ) {
    super("port-refused", `${address} ${reason}; choose another`, { cause });
  }
}

/**
 * The reason of a refused port; undefined for other errors.
 * @param error The error of `listen`.
 * @example refusedPort(new Error("other")); // undefined
 */
export const refusedPort = (error: unknown): string | undefined =>
  error instanceof PortRefused ? error.reason : undefined;

/**
 * Listens at a port.
 * @throws PortRefused for a port that is taken or not allowed, and an address that is not this machine's
 * @example
 * const { port, close } = await listen({ fetch: () => new Response("hello") });
 * await close();
 */
export function listen({ fetch, host = "127.0.0.1", port = 0, ...options }: ListenOptions): Promise<Listening> {
  const { headersTimeout = 10_000, requestTimeout = 60_000, keepAliveTimeout = 5000 } = options;
  const serverOptions = {
    ...{ headersTimeout, requestTimeout, keepAliveTimeout },
    connectionsCheckingInterval: Math.max(50, Math.min(1000, headersTimeout / 4)),
    maxHeaderSize: options.headerBytes ?? 16 << 10,
  };
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: (request, { outgoing }) => fetch(request, callerOf(outgoing)), hostname: host, port, serverOptions },
      (info) => resolve({ host, port: info.port, close: (grace = 0) => closed(server, grace) }),
    );
    if ("maxConnections" in server || "headersTimeout" in server) server.maxConnections = options.connections ?? 4096;
    server.on("error", (error: Error & { readonly code?: string }) => {
      const refusal = ownValue(REFUSALS, error.code ?? "");
      reject(refusal === undefined ? error : new PortRefused(`${host}:${port}`, refusal, error));
    });
  });
}

/** The end of a connection before all of its answer was sent. */
const callerOf = (outgoing: HttpBindings["outgoing"] | Http2Bindings["outgoing"]) => ({
  onGone: (leave: () => void): void => {
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) leave();
    });
  },
});

async function closed(server: ServerType, grace: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  if (!("closeAllConnections" in server)) return ended;
  if (grace > 0) server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  if (grace === 0) server.closeAllConnections();
  await ended;
  clearTimeout(timer);
}
