// Targets of some of a source's samples; numbers may be rates, divided by exposures.
import { BOX_NUMBERS, type Targets } from "../../data/index.js";

/** Targets of some samples; numbers are divided by exposures where there are such. */
export function rowsOf(targets: Targets, kept: Int32Array, exposure: Float64Array | undefined): Targets {
  if (targets.kind === "classes") return { ...targets, indices: Int32Array.from(kept, (row) => targets.indices[row]!) };
  if (targets.kind === "masks") {
    const size = targets.height * targets.width;
    const values = new Uint8Array(kept.length * size);
    for (const [i, row] of kept.entries()) values.set(targets.values.subarray(row * size, (row + 1) * size), i * size);
    return { ...targets, values };
  }
  if (targets.kind === "boxes") {
    const pick = (from: Float64Array, width: number): Float64Array => {
      const picked = new Float64Array(kept.length * width);
      for (const [i, row] of kept.entries()) picked.set(from.subarray(row * width, (row + 1) * width), i * width);
      return picked;
    };
    const { most, values, areas, sizes } = targets;
    return {
      ...targets,
      values: pick(values, most * BOX_NUMBERS),
      areas: pick(areas, most),
      sizes: Int32Array.from({ length: 2 * kept.length }, (_, i) => sizes[2 * kept[i >> 1]! + (i & 1)]!),
    };
  }
  const width = targets.kind === "labels" ? targets.labelNames.length : targets.names.length;
  const places = Int32Array.from(
    { length: kept.length * width },
    (_, i) => kept[Math.floor(i / width)]! * width + (i % width),
  );
  if (targets.kind === "labels")
    return { ...targets, values: Uint8Array.from(places, (index) => targets.values[index]!) };
  return {
    ...targets,
    values: Float32Array.from(places, (index) => targets.values[index]! / (exposure?.[Math.floor(index / width)] ?? 1)),
  };
}
