// A service of small models for tests: photos of 6 x 5 pixels, and vectors of three numbers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { saveKeras, sequential } from "../../src/index.js";
import { dense, flatten, input, rescaling } from "../../src/nn/layers/index.js";
import { type LogLine, modelSpec, Service, type ServiceOptions } from "../../src/service/index.js";

export const [HEIGHT, WIDTH] = [5, 6];

/** Grey levels of a photo. */
export const pixels = (seed: number): Uint8Array =>
  Uint8Array.from({ length: HEIGHT * WIDTH }, (_, i) => (seed * 37 + i * 11) & 255);
export const png = (seed: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(encode({ width: WIDTH, height: HEIGHT, channels: 1, depth: 8, data: pixels(seed) }));

/** Writes a model of photos. */
export async function writePhotoModel(path: string, seed: number): Promise<void> {
  const layers = [
    input([HEIGHT, WIDTH, 1], { name: "photo" }),
    rescaling(1 / 255),
    flatten(),
    dense(3, { activation: "softmax", name: "says" }),
  ];
  const model = sequential(layers, { seed });
  writeFileSync(path, await saveKeras(model));
  await model.close();
}

export interface MadeService {
  readonly service: Service;
  readonly place: string;
  readonly lines: LogLine[];
  ask(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** Opens the service with `photos` in two versions and `numbers`. */
export async function madeService(options: Partial<ServiceOptions> = {}): Promise<MadeService> {
  const folder = mkdtempSync(join(tmpdir(), "fovea-service-"));
  await writePhotoModel(join(folder, "one.keras"), 1);
  await writePhotoModel(join(folder, "two.keras"), 2);
  const numbers = sequential([input([3], { name: "row" }), dense(2, { name: "sums" })], { seed: 3 });
  writeFileSync(join(folder, "numbers.keras"), await saveKeras(numbers));
  await numbers.close();
  const lines: LogLine[] = [];
  const names = ["photos=one", "photos:2=two", "numbers=numbers"];
  const service = await Service.open({
    models: names.map((text) => modelSpec(text.replace("=", `=${folder}/`).concat(".keras"))),
    limits: { batch: 2, ...options.limits },
    threads: 1,
    log: (line) => lines.push(line),
    ...Object.fromEntries(Object.entries(options).filter(([name]) => name !== "limits")),
  });
  return {
    ...{ service, place: folder, lines },
    ask: async (path, init) => service.fetch(new Request(`http://127.0.0.1:8080${path}`, withHost(init))),
    close: async () => {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The token of the shared service. */
export const TOKEN = "0123456789abcdef-token";
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

let shared: Promise<MadeService> | undefined;

/** A service with tight limits that the test files of a process share, with a decision log; `closeShared` ends it. */
export const sharedService = (): Promise<MadeService> => {
  shared ??= madeService({
    token: TOKEN,
    limits: { bodyBytes: 20_000, jsonBytes: 5000, pixels: 1000, images: 3, queue: 8, bytesInFlight: 400_000 },
    decisionLog: join(LOGS, "decisions.jsonl"),
  });
  return shared;
};

const LOGS = mkdtempSync(join(tmpdir(), "fovea-decisions-"));
export const LOG = join(LOGS, "decisions.jsonl");

export async function closeShared(): Promise<void> {
  const service = shared;
  shared = undefined;
  await (await service)?.close();
  rmSync(LOGS, { recursive: true, force: true });
}

const withHost = (init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { host: "127.0.0.1:8080", ...init.headers },
});
