// Files that no decoder takes, recognized by their first bytes: the name of each kind and its remedy. One record a
// kind, the more particular before the more general; `describeForeign` names the first that fits.
import { textAt } from "./image.js";

interface ForeignKind {
  /** Completes "it is ...". */
  readonly what: string;
  /** Remedy, an imperative. */
  readonly advice: string;
  readonly fits: (file: Beginning) => boolean;
}

/** The beginning of a file in the forms that signatures are compared with. */
interface Beginning {
  readonly bytes: Uint8Array;
  /** A character for each byte. */
  readonly raw: string;
  /** The bytes as text, trimmed and in lower case; empty for bytes that are no text. */
  readonly text: string;
}

const AS_IMAGE = "convert it to PNG, JPEG or WebP";
const UNPACK = "unpack it and use the files inside";
const AGAIN = "download or export the image again";

const starts =
  (...marks: readonly string[]) =>
  ({ raw }: Beginning): boolean =>
    marks.some((mark) => raw.startsWith(mark));
/** An ISO base media file, by its brand or those that it is compatible with. */
const hasBrand =
  (...brands: readonly string[]) =>
  ({ raw }: Beginning): boolean => {
    if (raw.slice(4, 8) !== "ftyp") return false;
    const length = Math.min(256, raw.charCodeAt(2) * 256 + raw.charCodeAt(3));
    const named = raw.slice(8, Math.max(12, length));
    return brands.some((brand) => named.includes(brand));
  };
const riff =
  (form: string) =>
  ({ raw }: Beginning): boolean =>
    raw.startsWith("RIFF") && raw.slice(8, 12) === form;
const says =
  (pattern: RegExp) =>
  ({ text }: Beginning): boolean =>
    pattern.test(text);

/** The kinds, in the order in which they are tried. */
const KINDS: Readonly<Record<string, ForeignKind>> = {
  zeros: {
    what: "nothing but zeros",
    advice: `the copy or download broke off; copy or download it again`,
    fits: ({ bytes }) => bytes.every((byte) => byte === 0),
  },
  lfs: {
    what: "a Git LFS pointer, a line of text in the place of the image",
    advice: "run git lfs pull in its repository",
    fits: says(/^version https:\/\/git-lfs\.github\.com\//),
  },
  html: {
    what: "an HTML page, as servers send for errors and logins",
    advice: AGAIN,
    fits: says(/^(<!--[\s\S]*?-->\s*)*(<\?xml[^>]*>\s*)?(<!doctype html|<html|<head|<body|<script|<meta|<title)/),
  },
  svg: {
    what: "an SVG drawing, which has no pixels of its own",
    advice: "export it as PNG",
    fits: says(/^<[\s\S]*<(\w+:)?svg[\s>]|^<(\w+:)?svg[\s>]|^<[\s\S]*<!doctype svg/),
  },
  avif: { what: "an AVIF image", advice: AS_IMAGE, fits: hasBrand("avif", "avis") },
  heic: {
    what: "a HEIC image, as iPhones take them",
    advice: `${AS_IMAGE}, or set the camera to "Most Compatible"`,
    fits: hasBrand("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"),
  },
  cr3: { what: "a camera's raw image (CR3)", advice: AS_IMAGE, fits: hasBrand("crx ") },
  video: {
    what: "a video (MP4 or QuickTime)",
    advice: "export single frames as PNG or JPEG",
    fits: ({ raw }) => raw.slice(4, 8) === "ftyp",
  },
  tiff: {
    what: "a TIFF image or a camera's raw image",
    advice: AS_IMAGE,
    fits: starts("II*\0", "MM\0*", "II+\0", "MM\0+", "IIRO", "IIRS", "IIU\0", "FUJIFILMCCD-RAW"),
  },
  jpeg2000: {
    what: "a JPEG 2000 image",
    advice: AS_IMAGE,
    fits: starts("\0\0\0\x0cjP  \r\n\x87\n", "\xff\x4f\xff\x51"),
  },
  jxl: { what: "a JPEG XL image", advice: AS_IMAGE, fits: starts("\xff\x0a", "\0\0\0\x0cJXL \r\n\x87\n") },
  jxr: { what: "a JPEG XR image", advice: AS_IMAGE, fits: starts("II\xbc") },
  psd: { what: "a Photoshop document", advice: "export it as PNG or JPEG", fits: starts("8BPS") },
  icon: { what: "a Windows icon or cursor", advice: AS_IMAGE, fits: starts("\0\0\x01\0", "\0\0\x02\0") },
  netpbm: { what: "a Netpbm image (PBM, PGM, PPM)", advice: AS_IMAGE, fits: ({ raw }) => /^P[1-7][\s#]/.test(raw) },
  exr: { what: "an OpenEXR image", advice: AS_IMAGE, fits: starts("\x76\x2f\x31\x01") },
  hdr: { what: "a Radiance HDR image", advice: AS_IMAGE, fits: starts("#?RADIANCE", "#?RGBE") },
  dds: { what: "a DirectDraw texture", advice: AS_IMAGE, fits: starts("DDS ") },
  qoi: { what: "a QOI image", advice: AS_IMAGE, fits: starts("qoif") },
  mng: { what: "an MNG or JNG image", advice: AS_IMAGE, fits: starts("\x8aMNG", "\x8bJNG") },
  dicom: {
    what: "a DICOM image",
    advice: "convert it to PNG, after you have looked at the window of its values",
    fits: ({ raw }) => raw.slice(128, 132) === "DICM",
  },
  nifti: {
    what: "a NIfTI volume",
    advice: "export its slices as PNG",
    fits: ({ raw }) => raw.slice(344, 347) === "n+1",
  },
  pdf: { what: "a PDF document", advice: "export its pages as PNG or JPEG", fits: ({ raw }) => /^\s*%PDF-/.test(raw) },
  postscript: { what: "a PostScript file", advice: AS_IMAGE, fits: starts("%!PS", "\xc5\xd0\xd3\xc6") },
  gzip: { what: "a file packed with gzip", advice: UNPACK, fits: starts("\x1f\x8b") },
  zip: {
    what: "a zip archive, or a document that is one (Word, Excel, PowerPoint, Keras)",
    advice: UNPACK,
    fits: starts("PK\x03\x04", "PK\x05\x06", "PK\x07\x08"),
  },
  packed: {
    what: "a packed file or archive",
    advice: UNPACK,
    fits: (file) =>
      starts("7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "BZh", "\xfd7zXZ\0", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18")(file) ||
      file.raw.slice(257, 262) === "ustar",
  },
  office: {
    what: "an older Office document or a Thumbs.db",
    advice: "remove it, or save its pictures as PNG",
    fits: starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
  },
  avi: { what: "an AVI video", advice: "export single frames as PNG or JPEG", fits: riff("AVI ") },
  wave: { what: "a sound (WAVE)", advice: "remove it", fits: riff("WAVE") },
  matroska: {
    what: "a video (Matroska or WebM)",
    advice: "export single frames as PNG or JPEG",
    fits: starts("\x1a\x45\xdf\xa3"),
  },
  sound: { what: "a sound", advice: "remove it", fits: starts("ID3", "OggS", "fLaC") },
  numpy: { what: "a NumPy array", advice: "save its images as PNG", fits: starts("\x93NUMPY") },
  hdf5: { what: "an HDF5 file", advice: "save its images as PNG", fits: starts("\x89HDF\r\n\x1a\n") },
  pickle: {
    what: "a Python pickle",
    advice: "save its images as PNG",
    fits: starts("\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"),
  },
  sqlite: { what: "an SQLite database", advice: "remove it", fits: starts("SQLite format 3\0") },
  appleDouble: {
    what: "a Mac's metadata of a file (AppleDouble), not the image",
    advice: "remove it; the image has the same name without ._",
    fits: starts("\0\x05\x16\x07", "\0\x05\x16\0"),
  },
  program: {
    what: "a program",
    advice: "remove it",
    fits: starts("\x7fELF", "MZ\x90\0", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "\0asm"),
  },
  dataUrl: {
    what: "an image written as text (base64)",
    advice: "decode the text behind the comma into a file",
    fits: says(/^data:image\/|^(ivborw0kggo|\/9j\/[4-9a-z]|r0lgod|uklgr)/),
  },
  json: { what: "JSON text, as servers send for errors", advice: AGAIN, fits: says(/^[{[][\s"{[\]}\d-]/) },
  xml: { what: "XML text, as servers send for errors", advice: AGAIN, fits: says(/^<\?xml|^<[a-z][\w:.-]*[\s/>]/) },
  text: { what: "text", advice: AGAIN, fits: ({ text }) => text !== "" },
};

/** Bytes that are compared: enough to tell a text from other files. */
const COMPARED = 1024;

/**
 * Names the kind of a file that no decoder takes, and its remedy: the end of a sentence that names the file.
 * @param bytes the file or its beginning
 */
export function describeForeign(bytes: Uint8Array): string {
  const raw = textAt(bytes, 0, COMPARED);
  const file: Beginning = { bytes, raw, text: textOf(bytes.subarray(0, COMPARED)) };
  const kind = Object.values(KINDS).find(({ fits }) => fits(file));
  const expected = "expected a PNG, JPEG, GIF, BMP or WebP image";
  if (kind === undefined) return `${expected}, the file is of another format`;
  return `${expected}, it is ${kind.what}; ${kind.advice}`;
}

/** The bytes as text where they are: UTF-8, UTF-16 with its mark, or another superset of ASCII; else empty. */
function textOf(bytes: Uint8Array): string {
  const mark = textAt(bytes, 0, 2);
  const encoding = mark === "\xff\xfe" ? "utf-16le" : mark === "\xfe\xff" ? "utf-16be" : "utf-8";
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  const characters = [...text];
  // No text has other controls than white space, and most of a page or a message is ASCII whatever its encoding.
  if (characters.some((character) => character < " " && !"\t\n\r\f".includes(character))) return "";
  const strange = characters.filter((character) => character === "\ufffd").length;
  return 2 * strange > characters.length ? "" : text.trim().toLowerCase();
}
