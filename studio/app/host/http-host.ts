// The workbench in the program of Node that served the page: calls as requests, news as server-sent events.
import type { ErrorCode } from "fovea";
import type { News } from "../../contract/facts.js";
import { CODE_HEADER, FILE_KINDS, type FileAddress, type FileKind } from "../../contract/files.js";
import type { Answered } from "../../workbench/answer.js";
import { bringTo } from "./bring.js";
import type { Host } from "./host.js";
import { NO_ANSWER } from "./messages.js";
import { Refused } from "./refused.ts";
import { saveBlob } from "./save.js";

export const httpHost: Host = {
  async call(name, input) {
    const response = await asked(`api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.headers.get("content-type")?.startsWith("application/json")) throw new Error(text);
    const answered = JSON.parse(text) as Answered;
    if ("error" in answered) throw new Refused(answered.error, answered.code);
    return answered.value as never;
  },
  picture: (project, index) => `picture/${encodeURIComponent(project)}/${index}`,
  file: addressOf,
  async save(kind, address) {
    const response = await asked(addressOf(kind, address));
    if (!response.ok)
      throw new Refused(await response.text(), (response.headers.get(CODE_HEADER) ?? "internal-mistake") as ErrorCode);
    return saveBlob(await response.blob(), nameOf(response) ?? kind);
  },
  bring: (files, name, onProgress) =>
    bringTo({ address: new URL("upload", document.baseURI).href }, files, name, onProgress),
  listen(listener, onWay) {
    const stream = new EventSource("api/news");
    stream.addEventListener("message", ({ data }) => listener(JSON.parse(data) as News));
    stream.addEventListener("open", () => onWay());
    stream.addEventListener("error", () => onWay(NO_ANSWER));
    return () => stream.close();
  },
};

async function asked(address: string, request?: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch {
    throw new Refused(NO_ANSWER, "unreachable");
  }
}

function addressOf<K extends FileKind>(kind: K, address: FileAddress<K>): string {
  const parts = FILE_KINDS[kind].map((name) => encodeURIComponent(address[name as keyof typeof address]));
  return `file/${kind}/${parts.join("/")}`;
}

/** The name that the server gave a file. */
function nameOf(response: Response): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return encoded && decodeURIComponent(encoded);
}
