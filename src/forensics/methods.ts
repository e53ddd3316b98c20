// All methods by name, in the order of a dossier. To add one: its file, its name and its line here, its cases in
// test/forensics.
import { times } from "./metadata/times.js";
import type { Method } from "./record/method.js";

export const METHOD_NAMES = ["times"] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

export const METHODS: Readonly<Record<MethodName, Method>> = {
  times,
};
