// Makes a small file in the form of CASIA's GNT: node dist/tools/make-gnt.js FILE.gnt CHARACTERS [COPIES]
// Each character is a made-up grey picture of its own size; the tests import such files.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export interface GntSample {
  readonly character: string;
  readonly width: number;
  readonly height: number;
  /** Grey values, rows from the top. */
  readonly pixels: Uint8Array;
}

/** GBK codes of all characters, from the decoder, which every system has; there is no encoder. */
function gbkCodes(): Map<string, readonly [number, number]> {
  const decoder = new TextDecoder("gbk");
  const codes = new Map<string, readonly [number, number]>();
  for (let byte = 1; byte < 0x80; byte++) codes.set(String.fromCharCode(byte), [byte, 0]);
  for (let first = 0x81; first <= 0xfe; first++)
    for (let second = 0x40; second <= 0xfe; second++) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if ([...character].length === 1 && character !== "\ufffd" && !codes.has(character))
        codes.set(character, [first, second]);
    }
  return codes;
}

/** The bytes of a GNT file: of each sample its length, code, width, height and pixels. */
export function gntBytes(samples: readonly GntSample[]): Uint8Array {
  const codes = gbkCodes();
  const parts = samples.map(({ character, width, height, pixels }) => {
    const bytes = new Uint8Array(10 + pixels.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, bytes.length, true);
    bytes.set(codes.get(character)!, 4);
    view.setUint16(6, width, true);
    view.setUint16(8, height, true);
    bytes.set(pixels, 10);
    return bytes;
  });
  return new Uint8Array(Buffer.concat(parts));
}

/** Made-up samples: `copies` of each character, no two alike. */
export const gntSamples = (characters: string, copies = 1): GntSample[] =>
  Array.from({ length: copies }, (_, copy) =>
    [...characters].map((character, i) => {
      const [width, height] = [6 + (i % 5), 8 + (copy % 3)];
      const pixels = Uint8Array.from({ length: width * height }, (_, at) => (at * 37 + i * 101 + copy * 53) % 256);
      return { character, width, height, pixels };
    }),
  ).flat();

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, characters, copies = "1"] = process.argv.slice(2);
  if (file === undefined || characters === undefined) throw new Error("usage: make-gnt FILE.gnt CHARACTERS [COPIES]");
  writeFileSync(file, gntBytes(gntSamples(characters, Number(copies))));
}
