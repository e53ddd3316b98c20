// Files that a reader brings along: packed into one archive, which lies where the Studio keeps its files.

/** The folder of brought archives, below the home folder. */
export const UPLOADS = "uploads";

/** The most bytes of a brought archive: what the usual form of a zip can hold. */
export const MOST_UPLOADED = 0xffff_ffff;

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
