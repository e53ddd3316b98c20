// Shards of a scoring: which share of the images a process takes, said by the user or by the engine that started it. Images
// are cut into blocks by their number alone, and each shard has consecutive blocks, so that parts joined in order are the whole.
import { FoveaError } from "../../core/errors.js";
import { environment } from "../../platform/environment.js";

/** Share `index` of `count`, from 1. */
export interface Shard {
  /** Number of the share, from 1. */
  readonly index: number;
  /** Number of shares. */
  readonly count: number;
}

/** Images of a block, which is computed, noted and repeated as a whole. */
export const BLOCK = 128;

/** The most shards of a scoring. */
export const MOST_SHARDS = 100_000;

/** Blocks from `first` to `end`, the last not included. */
export interface BlockRange {
  readonly first: number;
  readonly end: number;
}

/** The blocks of a shard; none for shards beyond the number of blocks. */
export function blocksOf(images: number, { index, count }: Shard): BlockRange {
  const blocks = Math.ceil(images / BLOCK);
  return { first: Math.floor(((index - 1) * blocks) / count), end: Math.floor((index * blocks) / count) };
}

/** Images from `first` to `end` of a block. */
export const imagesOfBlock = (block: number, images: number): BlockRange => ({
  first: block * BLOCK,
  end: Math.min(images, (block + 1) * BLOCK),
});

/** Variables in which an engine tells a process its number, and how many there are. */
interface Fleet {
  readonly name: string;
  /** Its number, from 0 or from that in `first`. */
  readonly index: string;
  readonly count?: string;
  readonly first?: string;
  readonly step?: string;
}

const FLEETS: readonly Fleet[] = [
  { name: "a Kubernetes Indexed Job", index: "JOB_COMPLETION_INDEX" },
  {
    name: "a Slurm array",
    index: "SLURM_ARRAY_TASK_ID",
    count: "SLURM_ARRAY_TASK_COUNT",
    first: "SLURM_ARRAY_TASK_MIN",
    step: "SLURM_ARRAY_TASK_STEP",
  },
  { name: "an AWS Batch array job", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE" },
  { name: "a Cloud Run job", index: "CLOUD_RUN_TASK_INDEX", count: "CLOUD_RUN_TASK_COUNT" },
];

type Variables = (name: string) => string | undefined;

/**
 * The shard that a text says: `3/16`, `env` for the number and count of the engine that started this process, or `env/16`
 * for its number alone.
 * @param text The shard in words.
 * @param variables Gives a variable of the environment by name; default this process's.
 * @throws FoveaError for another text, and where the environment does not say it
 * @example shardOf("3/16") // { index: 3, count: 16 }
 */
export function shardOf(text: string, variables: Variables = environment): Shard {
  const [, who = "", of] = /^(\d{1,6}|env)(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  const count = of === undefined ? undefined : Number(of);
  if (who === "" || (who !== "env" && count === undefined))
    throw new FoveaError("malformed-text", `shard: expected one such as 3/16, env or env/16, received ${text}`);
  return checked(who === "env" ? shardOfFleet(count, variables) : { index: Number(who), count: count! }, text);
}

function checked({ index, count }: Shard, text: string): Shard {
  if (count < 1 || count > MOST_SHARDS || index < 1 || index > count)
    throw new FoveaError(
      "out-of-range",
      `shard ${text}: expected a number from 1 to the count of shards, which is 1 to ${MOST_SHARDS}; this is shard ${index} of ${count}`,
    );
  return { index, count };
}

function shardOfFleet(counted: number | undefined, variables: Variables): Shard {
  const found = FLEETS.filter(({ index }) => variables(index) !== undefined);
  const [fleet] = found;
  if (fleet === undefined)
    throw new FoveaError(
      "missing-option",
      `shard env: none of ${FLEETS.map(({ index }) => index).join(", ")} is set; give the shard itself, such as 3/16`,
    );
  if (found.length > 1)
    throw new FoveaError(
      "conflicting-options",
      `shard env: ${found.map(({ index }) => index).join(" and ")} are both set; give the shard itself, such as 3/16`,
    );
  const number = (name: string | undefined, otherwise: number): number => {
    const text = name && variables(name);
    if (text === undefined || text === "") return otherwise;
    if (!/^\d{1,9}$/.test(text))
      throw new FoveaError("malformed-text", `shard env: expected a whole number in ${name}, received ${text}`);
    return Number(text);
  };
  const count = counted ?? number(fleet.count, Number.NaN);
  if (Number.isNaN(count))
    throw new FoveaError(
      "missing-option",
      `shard env: ${fleet.name} does not say how many shards there are; add the count, such as env/16`,
    );
  const rank = (number(fleet.index, 0) - number(fleet.first, 0)) / Math.max(1, number(fleet.step, 1));
  if (!Number.isInteger(rank))
    throw new FoveaError(
      "out-of-range",
      `shard env: ${fleet.index} is no step of ${fleet.name}; give the shard itself, such as 3/16`,
    );
  return { index: rank + 1, count };
}

/**
 * The name of the engine that started this process as one of several; undefined where none did.
 * @param variables Gives a variable of the environment by name; default this process's.
 * @example fleetHere((name) => ({ SLURM_ARRAY_TASK_ID: "3" })[name]); // "a Slurm array"
 */
export const fleetHere = (variables: Variables = environment): string | undefined =>
  FLEETS.find(({ index }) => variables(index) !== undefined)?.name;

/**
 * The shard in names of files, `03-of-16`, so that they sort as they are numbered.
 * @param shard A share of the images.
 * @example shardName(shardOf("3/16")); // "03-of-16"
 */
export const shardName = ({ index, count }: Shard): string =>
  `${String(index).padStart(String(count).length, "0")}-of-${count}`;
