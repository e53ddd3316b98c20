// The image file that methods examine: its bytes, what the disk says about it, and its pixels, decoded when the first
// method asks for them.
import type { ImageFormat, ImageHeader, Pixels } from "../../data/index.js";

/** An image file before the methods. Nothing here changes it, and nothing in it is believed. */
export interface ExaminedImage {
  /** Name in messages: the path, or a name for bytes. */
  readonly name: string;
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** The format by the file's first bytes. */
  readonly format: ImageFormat;
  /** Size, mode and orientation as the file's header states them; undefined where the header is damaged. */
  readonly header?: ImageHeader;
  /** Time of the last write to the file: milliseconds since 1970, undefined where the disk does not know. */
  readonly modified?: number;
  /** Certificates of the signers that the user trusts, in PEM format; without them no signer is trusted. */
  readonly trustAnchors?: string;
  /**
   * The pixels as stored, before orientation: three channels, RGB, or one, grey. Decoded once for all methods.
   * @throws UndecodableImage (a FoveaError) where the file is damaged
   */
  pixels(): Promise<Pixels>;
}
