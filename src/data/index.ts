// The public face of the data room: `import { loadImages, trainTestSplit } from "fovea/data"`.
export { type ImageDataset, modeOf } from "./dataset.js";
export {
  COLOR_MODES,
  type ColorMode,
  type DecodedImage,
  type Depth,
  decodeImage,
  type ImageFormat,
  type ImageHeader,
  imageFormatOf,
  type Orientation,
  readImageHeader,
  UndecodableImage,
} from "./decoders/index.js";
export {
  findSplits,
  type ImageFile,
  type ImageFolder,
  isImageName,
  type Problem,
  type SplitName,
  scanImageFolder,
} from "./folders.js";
export { HANZI_CHARACTERS, OTHER_HANZI_CHARACTERS } from "./generators/characters.js";
export {
  encodeHanzi,
  type HanziImage,
  type HanziOptions,
  type HanziSplit,
  hanziCounts,
  hanziImage,
  synthesizeHanzi,
} from "./generators/hanzi.js";
export { type HanziTotals, synthesizeHanziDataset, writeHanzi } from "./generators/write.js";
export { type ImageFileFacts, imageFileFacts } from "./image-facts.js";
export { type FolderFacts, type InspectOptions, inspectFolder, type SizedImage, type SplitFacts } from "./inspect.js";
export { type ImageSource, type LoadOptions, loadImages } from "./load.js";
export { hasNoClasses, scanLooseImages } from "./loose-images.js";
export type { Metadata } from "./metadata.js";
export { turnUpright, uprightSize } from "./orientation.js";
export { type Color, channelsOf, convertColor, type Pixels } from "./pixels.js";
export { checkImageSize, INTERPOLATIONS, type Interpolation, resizeImage } from "./resize.js";
export { checkClassesForSplit, type Split, type SplitOptions, trainTestSplit } from "./split.js";
export { type CsvOptions, type CsvRow, csvField, csvRows, parseCsv } from "./table/csv.js";
export {
  type FeatureEncoder,
  type FeatureOptions,
  featureEncoder,
  fitFeatures,
  type LearntColumn,
  type MissingPolicy,
  type Scaler,
  standardScaler,
} from "./table/features.js";
export {
  type Exposure,
  exposureOf,
  type RegressionData,
  type RegressionOptions,
  type RegressionPart,
  regressionData,
} from "./table/regression.js";
export {
  type CategoryColumn,
  type Column,
  type ColumnType,
  loadTable,
  type NumberColumn,
  parseTable,
  Table,
  type TableOptions,
  tableOf,
  textOf,
} from "./table/table.js";
export { loadImage, type Target, type TargetOptions } from "./target.js";
export { displayTree } from "./tree.js";
