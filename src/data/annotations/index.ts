// The face of the annotations: the model in memory, masks and polygons.
export { polygonOfMask } from "./contours.js";
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
