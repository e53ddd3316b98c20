// The face of inspections: what is in a folder of images, without anything that trains.
export { countsOf, type Inspection, inspect, inspectionFacts, notesOf, samplesFrom } from "./inspection.js";
export type { Sample } from "./samples.js";
