// All methods by name, in the order of a dossier. To add one: its file, its name and its line here, its cases in
// test/forensics.
import { credentials } from "./credentials/credentials.js";
import { camera } from "./metadata/camera.js";
import { generators } from "./metadata/generators.js";
import { place } from "./metadata/place.js";
import { software } from "./metadata/software.js";
import { structure } from "./metadata/structure.js";
import { thumbnail } from "./metadata/thumbnail.js";
import { times } from "./metadata/times.js";
import type { Method } from "./record/method.js";

export const METHOD_NAMES = [
  "credentials",
  "generators",
  "times",
  "software",
  "camera",
  "thumbnail",
  "place",
  "structure",
] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

export const METHODS: Readonly<Record<MethodName, Method>> = {
  credentials,
  generators,
  times,
  software,
  camera,
  thumbnail,
  place,
  structure,
};
