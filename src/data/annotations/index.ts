// The face of the annotations: the model in memory, its formats of files, masks and polygons.
export { classMapOf } from "./class-map.js";
export { polygonOfMask } from "./contours.js";
export type {
  AnnotationFiles,
  AnnotationFormat,
  Fact as AnnotationFact,
  ReadOptions as ReadAnnotationsOptions,
} from "./format.js";
export {
  ANNOTATION_FORMATS,
  type AnnotationFormatName,
  annotationFormat,
  cautionsOf,
  lossesOf,
  readAnnotations,
  recognizedFormat,
  writeAnnotations,
} from "./formats.js";
export type { ImageSize } from "./image-names.js";
export type {
  AnnotatedBox,
  AnnotatedImage,
  AnnotationSet,
  AttributeValue,
  Box,
  Category,
  Ring,
  RunLengths,
} from "./model.js";
export { type OpenAnnotationsOptions, type OpenedAnnotations, openAnnotations } from "./open.js";
export { areaOf, maskOf } from "./outline.js";
export { maskOfBox, maskOfPolygon, polygonBox, ringArea } from "./polygons.js";
export {
  boxIou,
  maskArea,
  maskBox,
  maskIou,
  mergeMasks,
  pixelsOfMask,
  runLengthsOf,
  runLengthsOfText,
  textOfRunLengths,
} from "./run-lengths.js";
export type { ReadAnnotations } from "./set-builder.js";
