// Places for the files of trials, for everybody who works on a study: a folder that machines share, or a server that takes
// HTTP PUT (S3 and what speaks like it, WebDAV). Knows addresses, names and bytes; what is kept is trial-artifacts.ts.
import { FoveaError } from "../../core/errors.js";
import { absolutePath, makeDirectory, writeAtomic } from "../../platform/files.js";
import { joinPath, parentFolder } from "../../platform/paths.js";

/** A place for files of trials: a folder, or a server that takes HTTP PUT. */
export interface ArtifactStore {
  /** The folder, or the URL without a slash at its end. */
  readonly address: string;
  /**
   * Keeps bytes under a name such as `claims/trial-3/model.keras`, in place of what was there. A folder has them whole or
   * not at all; for a server that is the server's promise.
   * @param name path below the place, with slashes
   * @param bytes content of the file
   * @param mimetype type of the content, which a server gets and a folder has no use for
   * @returns path or URL of the file
   * @throws FoveaError when they could not be kept
   */
  put(name: string, bytes: Uint8Array, mimetype: string): Promise<string>;
}

/** Options of `openArtifacts`; a folder has no use for them. */
export interface ArtifactStoreOptions {
  /** Headers of each request, such as `authorization`. They are kept nowhere. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before a request that failed in passing is made again, twice that before the next. Default 500. */
  readonly pause?: number;
}

/** Attempts at a request that fails in passing. */
const ATTEMPTS = 3;
/** Milliseconds for one of them. */
const LONGEST = 600_000;

/**
 * A place as it is remembered: a URL, or a folder's path from the root of the disk.
 * @param location a folder, `file:///...`, or `http(s)://host/bucket/prefix`
 * @throws FoveaError for another scheme, or a URL with secrets in it
 */
export async function artifactAddress(location: string): Promise<string> {
  if (/^https?:/i.test(location)) return checkedUrl(location);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1]?.toLowerCase();
  if (scheme === "file") return folderOf(location);
  if (scheme === undefined && location !== "") return absolutePath(location);
  throw new FoveaError(
    "malformed-text",
    `artifacts: expected a folder, file:///FOLDER or http(s)://HOST/PATH, received ${JSON.stringify(location)}${scheme === "s3" ? "; a bucket is https://BUCKET.s3.REGION.amazonaws.com or http://HOST:9000/BUCKET" : ""}`,
  );
}

function checkedUrl(location: string): string {
  if (!URL.canParse(location))
    throw new FoveaError("malformed-text", "artifacts: the address cannot be read; expected http(s)://HOST/PATH");
  const url = new URL(location);
  // The study remembers the address, and everybody who opens the study sees it.
  if (url.username + url.password + url.search + url.hash !== "")
    throw new FoveaError(
      "malformed-text",
      "artifacts: expected a URL without a name, password or ?...; a token goes into the environment variable FOVEA_ARTIFACTS_TOKEN",
    );
  return url.href.replace(/\/+$/, "");
}

function folderOf(location: string): string {
  const { host, pathname } = new URL(location);
  if (host !== "" && host !== "localhost")
    throw new FoveaError(
      "malformed-text",
      `artifacts: expected file:///FOLDER with three slashes, received ${JSON.stringify(location)}`,
    );
  // A disk of Windows: file:///C:/models.
  return decodeURIComponent(pathname).replace(/^\/(?=[a-z]:)/i, "");
}

/**
 * Opens a place for files of trials; makes the folder when there is none. A request that fails in passing is made up to
 * three times.
 * @param location a folder, `file:///FOLDER`, or `http(s)://HOST/PATH` of a server that takes PUT (S3, WebDAV)
 * @throws FoveaError for another scheme, a URL with a name, password or query in it, and a folder that cannot be made
 * @example
 * const store = await openArtifacts("models");
 * await store.put("claims/trial-0/note.txt", new TextEncoder().encode("kept"), "text/plain"); // path of the file
 */
export async function openArtifacts(location: string, options: ArtifactStoreOptions = {}): Promise<ArtifactStore> {
  const address = await artifactAddress(location);
  if (/^https?:/i.test(address)) return new HttpStore(address, options);
  await makeDirectory(address);
  return {
    address,
    async put(name, bytes) {
      const path = joinPath(address, name);
      await makeDirectory(parentFolder(path));
      await writeAtomic(path, bytes);
      return path;
    },
  };
}

/** Outcome of a request; undefined when it did what it should. */
type Problem = { readonly says: string; readonly transient: boolean } | undefined;

class HttpStore implements ArtifactStore {
  readonly address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #pause: number;

  constructor(address: string, { headers = {}, pause = 500 }: ArtifactStoreOptions) {
    this.address = address;
    this.#headers = headers;
    this.#pause = pause;
  }

  async put(name: string, bytes: Uint8Array, mimetype: string): Promise<string> {
    const segments = name.split("/").map(encodeURIComponent);
    const url = [this.address, ...segments].join("/");
    for (let attempt = 1; ; attempt++) {
      const problem = await this.#putOnce(segments, url, bytes, mimetype);
      if (problem === undefined) return url;
      if (!problem.transient || attempt === ATTEMPTS)
        throw new FoveaError("server-refused", `cannot put ${url}: ${problem.says}`);
      await new Promise((resume) => setTimeout(resume, this.#pause * 2 ** (attempt - 1)));
    }
  }

  async #putOnce(segments: readonly string[], url: string, bytes: Uint8Array, mimetype: string): Promise<Problem> {
    const put = () => this.#request("PUT", url, { "content-type": mimetype }, bytes);
    const answer = await put();
    // WebDAV has folders, which must be made before what is in them (RFC 4918, 9.7.1).
    if (answer.status !== 409) return answer.problem;
    for (let i = 1; i < segments.length; i++)
      await this.#request("MKCOL", `${[this.address, ...segments.slice(0, i)].join("/")}/`, {});
    return (await put()).problem;
  }

  async #request(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    body?: Uint8Array,
  ): Promise<{ readonly status: number; readonly problem: Problem }> {
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...this.#headers },
        // Elsewhere the headers would be told to whomever the server names.
        redirect: "manual",
        signal: AbortSignal.timeout(LONGEST),
        ...(body && { body: new Uint8Array(body) }),
      });
      await response.body?.cancel();
      const { ok, status, statusText } = response;
      const says = `the server answered ${[status, statusText].join(" ").trim()}`;
      return { status, problem: ok ? undefined : { says, transient: status >= 500 || status === 429 } };
    } catch (error) {
      return {
        status: 0,
        problem: { says: `there is no connection to the server (${causeOf(error)})`, transient: true },
      };
    }
  }
}

/** `fetch` says that it failed; why is in the cause. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: deeper } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  return code ?? deeper ?? message;
}
