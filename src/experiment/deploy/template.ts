// The built parts of a deployed page: its script, its style, the engine's script, and the worker that keeps a folder's page
// offline. `npm run build` makes them of studio/app/deployed, and the package ships them in dist/deploy.
import { FoveaError } from "../../core/errors.js";
import { readAsset } from "../../platform/assets.js";

export interface Template {
  /** Module of the page. */
  readonly page: Uint8Array;
  readonly style: string;
  /** Module of the worker that answers: Fovea's engine, decoders' code and readers. */
  readonly engine: Uint8Array;
  /** Service worker of a page in a folder. */
  readonly offline: Uint8Array;
  readonly icon: Uint8Array;
}

/** @throws FoveaError where the package was not built */
export async function readTemplate(): Promise<Template> {
  const read = async (url: URL): Promise<Uint8Array> => {
    try {
      return await readAsset(url);
    } catch (cause) {
      throw new FoveaError(
        "damaged-installation",
        "the parts of the page are not in dist/deploy; npm run build makes them",
        { cause },
      );
    }
  };
  const [page, style, engine, offline, icon] = await Promise.all([
    read(new URL("../../../deploy/page.js", import.meta.url)),
    read(new URL("../../../deploy/page.css", import.meta.url)),
    read(new URL("../../../deploy/engine.js", import.meta.url)),
    read(new URL("../../../deploy/offline.js", import.meta.url)),
    read(new URL("../../../deploy/icon.svg", import.meta.url)),
  ]);
  return { page, style: new TextDecoder().decode(style), engine, offline, icon };
}
