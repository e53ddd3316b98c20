// All methods by name, in the order of a dossier. To add one: its file, its name and its line here, its cases in
// test/forensics.
import { credentials } from "./credentials/credentials.js";
import { errorLevel } from "./jpeg/error-level.js";
import { ghost } from "./jpeg/ghost.js";
import { otherGrid } from "./jpeg/other-grid.js";
import { savedTwice } from "./jpeg/saved-twice.js";
import { tables } from "./jpeg/tables.js";
import { camera } from "./metadata/camera.js";
import { generators } from "./metadata/generators.js";
import { statedPlace } from "./metadata/place.js";
import { software } from "./metadata/software.js";
import { structure } from "./metadata/structure.js";
import { thumbnail } from "./metadata/thumbnail.js";
import { times } from "./metadata/times.js";
import { copies } from "./pixels/copies.js";
import { enlarged } from "./pixels/enlarged.js";
import { noise } from "./pixels/noise.js";
import type { Method } from "./record/method.js";

/** The names of all methods, in the order in which they examine. */
export const METHOD_NAMES = [
  "credentials",
  "generators",
  "times",
  "software",
  "camera",
  "thumbnail",
  "place",
  "structure",
  "tables",
  "saved-twice",
  "other-grid",
  "ghost",
  "error-level",
  "copies",
  "enlarged",
  "noise",
] as const;
/** One of `METHOD_NAMES`. */
export type MethodName = (typeof METHOD_NAMES)[number];

/** All methods by name. */
export const METHODS: Readonly<Record<MethodName, Method>> = {
  credentials,
  generators,
  times,
  software,
  camera,
  thumbnail,
  place: statedPlace,
  structure,
  tables,
  "saved-twice": savedTwice,
  "other-grid": otherGrid,
  ghost,
  "error-level": errorLevel,
  copies,
  enlarged,
  noise,
};
