// What reading one HDF5 file may cost. Sound files hold each byte once; crafted ones refer to the same bytes over and
// over, or in circles. Counting what is looked at bounds time, counting what is given out bounds memory.
import { Damage } from "./cursor.js";

/** No deflate stream expands further. */
export const MOST_EXPANSION = 1032;
/** How often, on average, a byte of the file may be looked at. */
const LOOKS = 16;
const FREE = 2 ** 20;

export class Meter {
  private looks: number;
  private output: number;

  constructor(
    fileBytes: number,
    private readonly maxBytes: number,
  ) {
    this.looks = fileBytes * LOOKS + FREE;
    this.output = Math.min(maxBytes, fileBytes * MOST_EXPANSION);
  }

  /** Before looking at `bytes` of the file. */
  look(bytes: number): void {
    this.looks -= bytes;
    if (!(this.looks >= 0)) throw new Damage("its parts refer to each other in circles");
  }

  /** Before taking memory for `bytes` of content. */
  give(bytes: number): void {
    this.output -= bytes;
    if (!(this.output >= 0))
      throw new Damage(`it claims more content than its size can hold, or than the ${this.maxBytes} bytes allowed`);
  }
}
