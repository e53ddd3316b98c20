// What the engine does for the page of numbers: stores whole numbers in one byte, as tensors do.
import { tensor } from "fovea";

export type ByteType = "uint8" | "int8";

export interface BytesWish {
  readonly numbers: readonly number[];
  readonly type: ByteType;
}

/** What is left of each number in one byte. */
export const storedBytes = async ({ numbers, type }: BytesWish): Promise<readonly number[]> => [
  ...tensor([...numbers], [numbers.length], type).data,
];
