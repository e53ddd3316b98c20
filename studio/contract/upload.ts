// Files that a reader brings along: packed into one archive, which lies where the Studio keeps its files.

/** The folder of brought archives, below the home folder. */
export const UPLOADS = "uploads";

/** The most bytes of a brought archive, and the most files in one: what the usual form of a zip can hold. */
export const MOST_UPLOADED = 0xffff_ffff;
export const MOST_FILES = 65_535;
/** Bytes beside the content, for each file: two headers, and its name in both. */
const HEADS = 110;

/** A sentence about files that are too many or too large for one archive; undefined where they fit. */
export function tooMuch(name: string, files: number, bytes: number): string | undefined {
  if (files <= MOST_FILES && bytes + files * HEADS <= MOST_UPLOADED) return undefined;
  return (
    `${name}: expected at most ${MOST_FILES.toLocaleString("en-US")} files of 4 GiB together, found more; ` +
    "start `fovea studio FOLDER`, which reads a folder of any size in its place"
  );
}

const LONGEST = 80;

/** A name for an archive, without what could lead elsewhere or is no part of a name on some system: `photos.zip`. */
export function archiveName(wanted: string): string {
  const name = wanted
    .normalize("NFC")
    .replace(/\.zip$/i, "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name
    .replace(/[\u0000-\u001f\u007f/\\:*?"<>|]+/g, "-")
    .replace(/^[.\s-]+|[.\s]+$/g, "")
    .slice(0, LONGEST);
  return `${name || "images"}.zip`;
}

/** The names to try for an archive, until one is free: `photos.zip`, `photos-2.zip`. */
export function* archiveNames(wanted: string): Generator<string, never> {
  const name = archiveName(wanted);
  yield name;
  for (let n = 2; ; n++) yield name.replace(/\.zip$/, `-${n}.zip`);
}
