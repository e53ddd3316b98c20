// The preview that cameras put into EXIF data, against the picture itself: an editor that leaves the old preview gives
// away what it changed.
import { convertColor, decodeImage, type Pixels, readImageHeader, resizeImage } from "../../data/index.js";
import type { Evidence, EvidenceMap } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { metadataOf } from "./metadata.js";

/** The most pixels of a preview; cameras make them 160 x 120. */
const MOST_PIXELS = 640 * 480;
/** The smallest preview that says anything. */
const LEAST_SIDE = 24;
/** Below this correlation the two show different pictures. */
const DIFFERENT_BELOW = 0.5;
/** From this correlation on they are the same but for what changed in places. */
const SAME_ABOVE = 0.8;
/** Side of the patch over which differences are averaged, and the difference that is one, in grey levels of 255. */
const PATCH = 7;
const PATCH_DIFFERS = 50;
/** The largest share of a picture that is a part of it. */
const MOST_DIFFERING = 0.4;
/** Ratio of both proportions from which the picture was cut since. */
const MOST_STRETCH = 1.06;
/** Rows and columns darker than this are the bars that fill a preview of other proportions. */
const BAR_BELOW = 24;

/** Part of a preview without its bars. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Cuts off black bars at opposite sides, as cameras put them around previews. */
function withoutBars({ width, height, data }: Pixels): Box {
  const dark = (from: number, count: number, step: number): boolean => {
    for (let i = 0; i < count; i++) if (data[from + i * step]! > BAR_BELOW) return false;
    return true;
  };
  const depthOf = (extent: number, isDark: (index: number) => boolean): number => {
    let depth = 0;
    while (depth < extent / 4 && isDark(depth) && isDark(extent - 1 - depth)) depth++;
    return depth;
  };
  const top = depthOf(height, (y) => dark(y * width, width, 1));
  const left = depthOf(width, (x) => dark(x, height, width));
  return { left, top, width: width - 2 * left, height: height - 2 * top };
}

function cut({ width, data }: Pixels, box: Box): Pixels {
  const out = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const from = (box.top + y) * width + box.left;
    out.set(data.subarray(from, from + box.width), y * box.width);
  }
  return { width: box.width, height: box.height, channels: 1, data: out };
}

/** The line that fits the grey levels of one picture to another's best, over those pixels that `counts`, and how well. */
interface Fit {
  readonly gain: number;
  readonly shift: number;
  readonly correlation: number;
}

function fitOf(a: Uint8Array, b: Uint8Array, counts: (index: number) => boolean): Fit {
  let [count, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!counts(i)) continue;
    const [x, y] = [a[i]!, b[i]!];
    count++;
    sumA += x;
    sumB += y;
    squareA += x * x;
    squareB += y * y;
    product += x * y;
  }
  const varA = squareA - (sumA * sumA) / count;
  const varB = squareB - (sumB * sumB) / count;
  const both = product - (sumA * sumB) / count;
  const gain = varB > 0 ? both / varB : 0;
  // Pictures of one grey each are equal, whatever the grey.
  const correlation = varA > 0 && varB > 0 ? both / Math.sqrt(varA * varB) : Number(varA <= 0 && varB <= 0);
  return { gain, shift: count === 0 ? 0 : (sumA - gain * sumB) / count, correlation };
}

/** Share of the pixels, those that differ least, to which brightness and contrast are fitted a second time. */
const TRIMMED = 0.7;

/**
 * Two pictures of one size: how alike they are as a whole, how alike away from the places that differ, and what is left of
 * their difference once brightness and contrast fit, as means over patches.
 */
export function compared(a: Pixels, b: Pixels): { whole: number; elsewhere: number; means: Float32Array } {
  const differences = ({ gain, shift }: Fit): Float32Array =>
    Float32Array.from(a.data, (value, i) => Math.abs(value - gain * b.data[i]! - shift));
  const first = fitOf(a.data, b.data, () => true);
  const rough = differences(first);
  const limit = Float32Array.from(rough).sort()[Math.floor(TRIMMED * (rough.length - 1))]!;
  const fit = fitOf(a.data, b.data, (i) => rough[i]! <= limit);
  const means = patchMeans(differences(fit), a.width, a.height);
  const rest = fitOf(a.data, b.data, (i) => means[i]! < PATCH_DIFFERS / 2);
  return { whole: first.correlation, elsewhere: rest.correlation, means };
}

/** Means over square patches, by running sums along rows, then columns. */
function patchMeans(values: Float32Array, width: number, height: number): Float32Array {
  const along = (source: Float32Array, lines: number, count: number, step: number, next: number): Float32Array => {
    const out = new Float32Array(source.length);
    for (let line = 0; line < lines; line++)
      for (let i = 0; i < count; i++) {
        const [from, to] = [Math.max(0, i - (PATCH >> 1)), Math.min(count - 1, i + (PATCH >> 1))];
        let sum = 0;
        for (let j = from; j <= to; j++) sum += source[line * next + j * step]!;
        out[line * next + i * step] = sum / (to - from + 1);
      }
    return out;
  };
  return along(along(values, height, width, 1, width), width, height, width, 1);
}

/** Decodes a preview. @returns its grey levels, or undefined where it is too small to say anything or too large for one */
async function decodedPreview(bytes: Uint8Array): Promise<Pixels | undefined> {
  const header = await readImageHeader(bytes, "the preview");
  if (header === undefined || header.width * header.height > MOST_PIXELS) return undefined;
  if (Math.min(header.width, header.height) < LEAST_SIDE) return undefined;
  return convertColor(await decodeImage(bytes, "the preview"), "grayscale");
}

const CONTRADICTS: Evidence = {
  finding: "contradicts",
  sentence:
    "The embedded preview shows another picture than the file: the picture was changed after the preview was made.",
};
const CONTRADICTS_IN_PART: Evidence = {
  finding: "contradicts",
  sentence:
    "The embedded preview shows something else in one part of the picture, which the map marks: that part was changed after the preview was made.",
};
const UNLIKE: Evidence = {
  finding: "notable",
  sentence: "The embedded preview resembles the picture less than previews usually do; compare them on the map.",
};
const SUPPORTS: Evidence = { finding: "supports", sentence: "The embedded preview shows the same picture." };

export const thumbnail: Method = {
  name: "thumbnail",
  title: "Embedded preview",
  kind: "metadata",
  measures: "whether the small preview that the camera put into the file shows the same picture as the file",
  limits:
    "Careful editors make a new preview or remove it; changes that are smaller than some pixels of the preview cannot be seen",
  source: "Kee and Farid, Digital Image Authentication from Thumbnails, SPIE 7541, 2010; CIPA DC-008 (Exif 3.0)",
  appliesTo: ["JPEG", "PNG", "WebP"],
  settings: { differentBelow: DIFFERENT_BELOW, sameAbove: SAME_ABOVE, patch: PATCH, patchDiffers: PATCH_DIFFERS },
  async run(image): Promise<Evidence> {
    const { thumbnail: bytes } = await metadataOf(image);
    if (bytes === undefined)
      return { finding: "unable", sentence: "The file has no embedded preview; most programs leave it out." };
    const whole = await decodedPreview(bytes);
    if (whole === undefined)
      return { finding: "unable", sentence: "The embedded preview is damaged, too small or too large to be compared." };
    const preview = cut(whole, withoutBars(whole));
    const picture = convertColor(await image.pixels(), "grayscale");
    const rows = [
      { label: "Preview", value: `${whole.width} x ${whole.height} pixels, ${bytes.length} bytes` },
      { label: "Picture", value: `${picture.width} x ${picture.height} pixels` },
    ];
    const stretch = (preview.width / preview.height) * (picture.height / picture.width);
    const isCut = Math.max(stretch, 1 / stretch) > MOST_STRETCH;
    const small = resizeImage(picture, preview.height, preview.width, "box");
    const { whole: correlation, elsewhere, means } = compared(preview, small);
    rows.push({ label: "Correlation", value: correlation.toFixed(3) });
    rows.push({ label: "Correlation away from differences", value: elsewhere.toFixed(3) });
    const differing = means.reduce((count, value) => count + Number(value >= PATCH_DIFFERS / 2), 0) / means.length;
    rows.push({ label: "Share of the picture that differs", value: `${(100 * differing).toFixed(1)} %` });
    const most = means.reduce((a, b) => Math.max(a, b), 0);
    rows.push({ label: `Largest difference, mean of ${PATCH} x ${PATCH} pixels`, value: most.toFixed(1) });
    const map: EvidenceMap = {
      title: "Difference between the preview and the picture",
      ...{ height: preview.height, width: preview.width, low: "equal", high: "100 grey levels and more" },
      values: Uint8Array.from(means, (value) => Math.min(255, Math.round(2.55 * value))),
    };
    if (isCut)
      return {
        finding: correlation < DIFFERENT_BELOW ? "notable" : "none",
        sentence: `The preview has other proportions than the picture, which was cut or turned since the preview was made.`,
        rows,
      };
    const shown = { rows, map };
    if (most >= PATCH_DIFFERS && elsewhere >= SAME_ABOVE && differing <= MOST_DIFFERING)
      return { ...CONTRADICTS_IN_PART, ...shown };
    if (correlation < DIFFERENT_BELOW) return { ...CONTRADICTS, ...shown };
    return { ...(correlation < SAME_ABOVE ? UNLIKE : SUPPORTS), ...shown };
  },
};
