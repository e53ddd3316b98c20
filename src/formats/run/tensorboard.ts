// TensorBoard's event files: scalars that `tensorboard --logdir runs` shows. Writes only; a file is the header and
// then records, which may be appended one after another. Keras keeps `train` and `validation` in folders of their own.
import { crc32c } from "../../core/crc.js";
import { Packer } from "../containers/packer.js";
import { MessageWriter } from "../containers/protobuf.js";

/**
 * The name that TensorBoard looks for. `seconds` since 1970 tell files of one run apart.
 * @param host The machine's name; default "fovea".
 * @example
 * eventFileName(1700000000); // events.out.tfevents.1700000000.fovea
 * eventFileHeader(1700000000);
 */
export const eventFileName = (seconds: number, host = "fovea"): string =>
  `events.out.tfevents.${String(Math.floor(seconds)).padStart(10, "0")}.${host}`;

/** Checks whether a name is that of an event file of ours. */
export const isEventFile = (name: string): boolean => /^events\.out\.tfevents\.\d{10,}\.fovea$/.test(name);

/** First record of an event file. `wallTime` is in seconds since 1970. */
export const eventFileHeader = (wallTime: number): Uint8Array =>
  record(new MessageWriter().double(1, wallTime).bytes(3, "brain.Event:2").finish());

/**
 * One record with scalars of a step, to be appended.
 * @param event The step from 0, seconds since 1970, and values by tag.
 * @example scalarEvent({ step: 3, wallTime: Date.now() / 1000, values: { epoch_loss: 0.5 } }).length; // bytes to append
 */
export function scalarEvent(event: {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly values: Readonly<Record<string, number>>;
}): Uint8Array {
  const summary = new MessageWriter();
  for (const [tag, value] of Object.entries(event.values))
    summary.bytes(1, new MessageWriter().bytes(1, tag).float(2, value));
  const message = new MessageWriter().double(1, event.wallTime);
  // Protobuf leaves out what is zero.
  if (event.step !== 0) message.int(2, event.step);
  return record(message.bytes(5, summary).finish());
}

/** The scalars of an epoch, for the event files in the folders `train` and `validation`. */
export interface EpochScalars {
  /** Values by tag. */
  readonly train: Readonly<Record<string, number>>;
  /** Empty when there is no validation. */
  readonly validation: Readonly<Record<string, number>>;
}

/**
 * Puts an epoch's logs where Keras's TensorBoard callback does, under its tags.
 * @param logs Losses and metrics by Keras's keys.
 * @example epochScalars({ loss: 1, val_loss: 2 }) // { train: { epoch_loss: 1 }, validation: { epoch_loss: 2 } }
 */
export function epochScalars(logs: Readonly<Record<string, number>>): EpochScalars {
  const those = (validation: boolean): Record<string, number> =>
    Object.fromEntries(
      Object.entries(logs)
        .filter(([key]) => key.startsWith("val_") === validation)
        .map(([key, value]) => [`epoch_${key.replace(/^val_/, "")}`, value]),
    );
  return { train: those(false), validation: those(true) };
}

/** A record: length, its masked CRC, the message, its masked CRC. */
function record(message: Uint8Array): Uint8Array {
  const length = new Packer().u64(message.length).finish();
  return new Packer().bytes(length).u32(masked(length)).bytes(message).u32(masked(message)).finish();
}

/** CRC-32C rotated and shifted, so that the checksum of data that hold checksums stays good. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
