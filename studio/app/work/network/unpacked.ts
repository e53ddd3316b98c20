// Outputs of layers as they came from the workbench, as numbers again.
import type { PackedMaps } from "../../../contract/network-facts.js";
import type { LayerMaps } from "../../network/maps.ts";

export function unpacked({ layer, shape, base64 }: PackedMaps): LayerMaps {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return { layer, shape, data: new Float32Array(bytes.buffer) };
}
