// The Studio's server: the page's files, the workbench's calls, its news and its pictures, on this machine alone.
import { createHash, randomBytes } from "node:crypto";
import { extname } from "node:path";
import { listen } from "fovea/service";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { CODE_HEADER } from "../contract/files.js";
import { answer, fileOf } from "../workbench/answer.js";
import type { Workbench } from "../workbench/workbench.js";
import { guard } from "./guard.js";
import { manualFile, pageFile } from "./page-files.js";
import { upload } from "./upload.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".png": "image/png",
};

const REPORT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; " +
  "frame-ancestors 'self'; sandbox allow-scripts allow-popups";

/** The most bytes of a call. */
const BODY = 72 << 20;
/** Milliseconds between signs of life on a stream of news, so that no proxy or browser takes it for dead. */
const HEARTBEAT = 15_000;

export interface StudioServer {
  /** The first address, with its token. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly workbench: Workbench;
  /** Default: any that is free. */
  readonly port?: number | undefined;
  /** The random word of the first address; for tests. */
  readonly token?: string | undefined;
  /** The most bytes of an archive that a page brings; for tests. */
  readonly uploadLimit?: number | undefined;
}

/** Serves the page and the workbench on 127.0.0.1. @throws FoveaError when the port is taken */
export async function startServer({ workbench, port = 0, token, uploadLimit }: ServerOptions): Promise<StudioServer> {
  const secret = token ?? randomBytes(24).toString("base64url");
  let bound = port;
  const guarded = new Hono();
  guarded.use("*", guard({ token: secret, port: () => bound }));
  guarded.route("/", routes(workbench, uploadLimit));
  const { port: listening, close } = await listen({ fetch: (request) => guarded.fetch(request), port });
  bound = listening;
  return { address: `http://127.0.0.1:${bound}/?token=${secret}`, port: bound, close: () => close() };
}

function routes(workbench: Workbench, uploadLimit: number | undefined): Hono {
  const app = new Hono();
  app.post("/upload", upload(workbench.options.disk.home, uploadLimit));
  const tooLarge = (context: Context): Response =>
    context.json(
      {
        error: `expected at most ${BODY} bytes at once, received more; bring smaller or fewer files`,
        code: "too-large",
      },
      413,
    );
  app.post("/api/:call", bodyLimit({ maxSize: BODY, onError: tooLarge }), async (context) => {
    const input: unknown = await context.req.json().catch(() => undefined);
    const { status, body } = await answer(workbench.handlers, context.req.param("call"), input);
    return context.json(body, status);
  });
  app.get("/api/news", (context) =>
    streamSSE(context, async (stream) => {
      const forget = workbench.listen((news) => {
        stream.writeSSE({ data: JSON.stringify(news) }).catch(() => undefined);
      });
      const beat = (): void => {
        stream.writeSSE({ event: "alive", data: "" }).catch(() => undefined);
      };
      beat();
      const beating = setInterval(beat, HEARTBEAT);
      // No timer outlives the page that it was for, else a program that has ended its server would wait for it.
      await new Promise<void>((ended) => stream.onAbort(ended));
      clearInterval(beating);
      forget();
    }),
  );
  app.get("/picture/:project/:index", async (context) => {
    const { project, index } = context.req.param();
    const picture = await workbench.picture(project, Number(index));
    if (picture === undefined) return context.text("there is no such image", 404);
    context.header("Content-Type", picture.type);
    // Other images may have this number after the next start: browsers ask whether it is still the same.
    const tag = `"${createHash("sha256").update(picture.bytes).digest("base64url").slice(0, 22)}"`;
    context.header("Cache-Control", "private, no-cache");
    context.header("ETag", tag);
    if (context.req.header("if-none-match") === tag) return context.body(null, 304);
    return context.body(picture.bytes as Uint8Array<ArrayBuffer>);
  });
  app.get("/file/*", async (context) => {
    const [kind = "", ...parts] = partsOf(context.req.path).slice(1);
    const found = await fileOf(workbench.files, kind, parts);
    const { file } = found;
    if (file === undefined) {
      context.header(CODE_HEADER, found.code);
      return context.text(found.error, found.status);
    }
    context.header("Content-Type", file.type);
    if (file.name !== undefined)
      context.header("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
    // A report is a page of its own with a script of its own, and no way to this server.
    if (file.type.startsWith("text/html")) context.header("Content-Security-Policy", REPORT_POLICY);
    return context.body(file.bytes as Uint8Array<ArrayBuffer>);
  });
  app.get("/manual/*", async (context) => {
    const [, ...parts] = partsOf(context.req.path);
    const file = typed(parts.join("/"), await manualFile(parts.join("/")));
    if (file === undefined) return context.text("the manual has no such page", 404);
    context.header("Content-Type", file.type);
    return context.body(file.bytes as Uint8Array<ArrayBuffer>);
  });
  app.get("*", async (context) => {
    const file = await builtFile(context.req.path);
    if (file === undefined) return context.text("there is no such page", 404);
    context.header("Content-Type", file.type);
    return context.body(file.bytes as Uint8Array<ArrayBuffer>);
  });
  return app;
}

/** The parts of a path, each decoded once, for a name may have a slash or a percent sign; none for a malformed path. */
function partsOf(path: string): string[] {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return [];
  }
}

interface BuiltFile {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** A file with its type by its name; undefined where there is none. */
const typed = (name: string, bytes: Uint8Array | undefined): BuiltFile | undefined =>
  bytes && { bytes, type: TYPES[extname(name)] ?? "application/octet-stream" };

/** A file of the built page; undefined where there is none. */
async function builtFile(path: string): Promise<BuiltFile | undefined> {
  const name = path === "/" ? "index.html" : partsOf(path).join("/");
  const file = typed(name, await pageFile(name));
  if (file === undefined || name !== "index.html") return file;
  // The page asks this server for what a page alone does in a worker.
  const page = Buffer.from(file.bytes).toString().replace('data-place="static"', 'data-place="local"');
  return { bytes: Buffer.from(page), type: file.type };
}
