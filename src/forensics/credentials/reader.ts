// The official reader of content credentials, c2pa-rs as WebAssembly, where the user has installed it. It gets bytes and
// certificates and may fetch nothing: no remote manifest, no list of trusted signers, no state of a certificate.
import { z } from "zod";
import { FoveaError } from "../../core/errors.js";
import { isNode } from "../../platform/node.js";
import { type ImportPackage, importPackage, readPackageFile } from "../../platform/packages.js";

export const READER_PACKAGE = "@contentauth/c2pa-wasm";

const status = z.object({ code: z.string() });
const statuses = z.array(status).max(10_000).default([]);

/** The part of the reader's answer about a file that is used here; all else is left out. */
const storeSchema = z.object({
  active_manifest: z.string().optional(),
  manifests: z
    .record(
      z.string(),
      z.object({
        title: z.string().nullish(),
        claim_generator: z.string().nullish(),
        claim_generator_info: z.array(z.object({ name: z.string(), version: z.string().nullish() })).nullish(),
        signature_info: z
          .object({
            issuer: z.string().nullish(),
            common_name: z.string().nullish(),
            time: z.string().nullish(),
          })
          .nullish(),
        ingredients: z.array(z.object({ title: z.string().nullish() })).nullish(),
        assertions: z.array(z.object({ label: z.string(), data: z.unknown() })).nullish(),
      }),
    )
    .default({}),
  validation_results: z
    .object({ activeManifest: z.object({ success: statuses, failure: statuses }).nullish() })
    .nullish(),
});
export type ManifestStore = z.infer<typeof storeSchema>;

/** A file's credentials as the reader gives them. */
export interface CredentialsReader {
  readonly version: string;
  /** @throws FoveaError where the reader gives up on the file */
  read(bytes: Uint8Array, mediaType: string, trustAnchors: string | undefined): Promise<ManifestStore>;
}

/** The part of the package that is used: WebAssembly is initialised once, then files are read from bytes. */
interface ReaderPackage {
  readonly default: (options: { module_or_path: Uint8Array }) => Promise<unknown>;
  readonly WasmReader: {
    fromBytes(format: string, bytes: Uint8Array, settings: string): Promise<{ json(): string; free(): void }>;
  };
}

const isReader = (found: unknown): found is ReaderPackage =>
  typeof found === "object" &&
  found !== null &&
  "default" in found &&
  "WasmReader" in found &&
  typeof found.default === "function" &&
  typeof found.WasmReader === "function" &&
  "fromBytes" in found.WasmReader;

/** Settings of c2pa-rs that keep it from fetching. */
const OFFLINE = { remote_manifest_fetch: false, ocsp_fetch: false };

/**
 * Opens the reader where its package is installed.
 * @param find imports a package by name
 * @param readFile reads a file of a package
 * @returns undefined where it is not installed, is too old to read bytes, or where there is no Node
 */
export async function openReader(
  find: ImportPackage = importPackage,
  readFile: (specifier: string) => Promise<Uint8Array> = readPackageFile,
): Promise<CredentialsReader | undefined> {
  if (!isNode) return undefined;
  const found = await find(READER_PACKAGE);
  if (!isReader(found)) return undefined;
  await found.default({ module_or_path: await readFile(`${READER_PACKAGE}/c2pa.wasm`) });
  const facts = JSON.parse(new TextDecoder().decode(await readFile(`${READER_PACKAGE}/package.json`)));
  return {
    version: z.object({ version: z.string() }).parse(facts).version,
    async read(bytes, mediaType, trustAnchors) {
      const settings = {
        verify: { verify_trust: true, ...OFFLINE },
        ...(trustAnchors !== undefined && { trust: { trust_anchors: trustAnchors } }),
      };
      let text: string;
      try {
        const reader = await found.WasmReader.fromBytes(mediaType, bytes, JSON.stringify(settings));
        text = reader.json();
        reader.free();
      } catch (error) {
        throw new FoveaError(
          "damaged-file",
          `the reader of content credentials gives up on the file (${String(error)})`,
          {
            cause: error,
          },
        );
      }
      return storeIn(text);
    },
  };
}

/** @throws FoveaError for an answer of another form than this version of Fovea knows */
function storeIn(text: string): ManifestStore {
  try {
    return storeSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new FoveaError(
      "package-missing",
      `${READER_PACKAGE} answers in a form that is not known here; install the version 0.15`,
      {
        cause: error,
      },
    );
  }
}
