// Images, tables and annotations: functions that load, generate, split, augment and check them. It is the entry `fovea/data`
// and the public face of the data room: `import { loadImages, trainTestSplit } from "fovea/data"`.
export * from "./annotations/index.js";
export * from "./augmentation/index.js";
export { copyFindings, filesByHash, type HashedPart, sharedImages } from "./copies.js";
export { type Letterbox, letterboxOf } from "./crop.js";
export { type ClassifiedImages, hashContents, type ImageDataset, type LoadedDataset, modeOf } from "./dataset.js";
export { DecodePool, type PendingFile } from "./decode-pool.js";
export { bringCodec, CODEC_NAMES, type CodecName, codecBytes } from "./decoders/codecs.js";
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
export { type Finding, type FindingKind, sentenceOf } from "./findings.js";
export {
  findSplits,
  type ImageFile,
  type ImageFolder,
  isImageName,
  type LaidOut,
  type Problem,
  SPLIT_NAMES,
  type SplitName,
  scanImageFolder,
} from "./folders.js";
export { HANZI_CHARACTERS, OTHER_HANZI_CHARACTERS } from "./generators/characters.js";
export {
  HAIL_CLASSES,
  HAIL_LABELS,
  type HailClass,
  type HailLabel,
} from "./generators/hail/damage.js";
export {
  encodeHail,
  encodeHailMask,
  HAIL_COUNT,
  HAIL_SIDE,
  type HailImage,
  type HailOptions,
  hailImage,
  synthesizeHail,
} from "./generators/hail/hail.js";
export type { HailBox } from "./generators/hail/relief.js";
export { type CocoBoxes, type HailTruth, hailAnnotations, hailManifest } from "./generators/hail/tables.js";
export { type HailTotals, writeHail } from "./generators/hail/write.js";
export {
  encodeHanzi,
  type HanziImage,
  type HanziOptions,
  type HanziSplit,
  hanziCounts,
  hanziImage,
  synthesizeHanzi,
} from "./generators/hanzi.js";
export {
  encodePage,
  PAGE_CHARACTERS,
  PAGES_COUNT,
  PAGES_SIDE,
  type Page,
  type PageBox,
  type PagesOptions,
  pageImage,
} from "./generators/pages.js";
export { SMALL_IMAGES, type SmallImage, smallImage } from "./generators/small-images.js";
export { type GeneratedFile, writeWholeFolder } from "./generators/whole-folder.js";
export { type HanziTotals, synthesizeHanziDataset, writeHanzi } from "./generators/write.js";
export { type PagesTotals, writePages } from "./generators/write-pages.js";
export { type WritersOptions, type WritersTotals, writeWriters } from "./generators/writers.js";
export { COLLECTOR_NAMES, type CollectorName, SMALL_SIDE } from "./health/collectors.js";
export {
  type ClassTable,
  calibratedJoint,
  classThresholds,
  confidentJoint,
  estimateLabelNoise,
  inverseNoiseMatrix,
  type LabelledProbabilities,
  type LabelNoise,
  labelCounts,
  noiseMatrix,
} from "./health/confident-learning.js";
export { COPIES_ABOVE, type CopyPair, findCopies } from "./health/copies.js";
export { type CropOptions, type CropPair, cropPairs, MOST_CROPPED } from "./health/crop-pairs.js";
export {
  type Fingerprint,
  type FingerprintTable,
  fingerprintOf,
  IMAGE_WORDS,
  type PdqTable,
} from "./health/fingerprint.js";
export { type FileFingerprints, fingerprintsOf } from "./health/fingerprints.js";
export { hashDistance, hashFromText, hashText } from "./health/hash-distance.js";
export { HashIndex, type OnHash } from "./health/hash-index.js";
export {
  type JudgedLabel,
  LABEL_RANKINGS,
  type LabelRanking,
  labelErrors,
  PRUNINGS,
  type Pruning,
  rankedLabels,
  type SuspectLabel,
  suspectLabels,
} from "./health/label-errors.js";
export { MEASURES, type Measure } from "./health/look.js";
export { type LookOptions, type Looks, lookAtImages } from "./health/looks.js";
export {
  LEAST_QUALITY,
  NEAR_THRESHOLD,
  type NearOptions,
  type NearPair,
  nearPairs,
} from "./health/near-pairs.js";
export {
  HASH_WORDS,
  type PdqHash,
  type PdqHashes,
  pdqHash,
  pdqHashes,
  TURNS,
  type TurnName,
} from "./health/pdq.js";
export { pendingFiles } from "./health/pending-files.js";
export { isoTime, type PhotoFacts } from "./health/photo-facts.js";
export {
  nearestOthers,
  OUTLIER,
  robustScores,
  type SuspectTarget,
  suspectTargets,
} from "./health/target-errors.js";
export { type Part, SIDE as THUMBNAIL_SIDE, type Square, type Thumbnail } from "./health/thumbnail.js";
export { type ImageTiles, joinedTiles, type TileTable, tilesOf } from "./health/tiles.js";
export { type ImageFileFacts, imageFileFacts } from "./image-facts.js";
export { type FolderFacts, type InspectOptions, inspectFolder, type SizedImage, type SplitFacts } from "./inspect.js";
export { layoutFindings } from "./layout.js";
export {
  type ImageSource,
  type LoadOptions,
  loadImages,
  type OpenOptions,
  openImages,
  openListing,
} from "./load.js";
export { hasNoClasses, scanLooseImages } from "./loose-images.js";
export type { Metadata } from "./metadata.js";
export { turnUpright, uprightSize } from "./orientation.js";
export { COLORMAPS, type Colormap, encodePng, type PictureOptions, pictureOf, saveImage } from "./picture.js";
export { type Color, channelsOf, convertColor, type PixelForm, type Pixels } from "./pixels.js";
export { checkImageSize, INTERPOLATIONS, type Interpolation, resizeImage } from "./resize.js";
export type { FolderListing } from "./sources/class-folders.js";
export { isAbsolutePath } from "./sources/file-set.js";
export {
  IMPORTED,
  type ImportFormat,
  type ImportOptions,
  type ImportTotals,
  importImages,
} from "./sources/import.js";
export { areToldBeside, type InferredPlaces, inferPlaces } from "./sources/infer-places.js";
export { type ListedItem, listItems } from "./sources/listed-items.js";
export type { ListedBoxes, ListedImage, ListedMasks, Listing, ListingColumn } from "./sources/listing.js";
export type { ManifestOptions, SourceOptions } from "./sources/manifest.js";
export { withoutMasks } from "./sources/masked.js";
export {
  checkNoColumns,
  isClassFolder,
  isLooseFolder,
  isTable,
  type OpenedSource,
  openBoxed,
  openMasked,
  openPageFiles,
  openSource,
  type SourceKind,
} from "./sources/open.js";
export type { PageFile } from "./sources/page-files.js";
export { openTable, type TableRows, type TableRowsOptions } from "./sources/table-rows.js";
export {
  checkClassesForSplit,
  checkGroupsWhole,
  copiesTogether,
  dateSplit,
  groupKFold,
  groupShuffleSplit,
  groupSplit,
  type KFoldOptions,
  kFold,
  labelFolds,
  PART_NAMES,
  type PartName,
  type PartsOptions,
  proportionalSplit,
  SPLIT_WAYS,
  type Split,
  type SplitBy,
  type SplitInput,
  type SplitIntoParts,
  type SplitOptions,
  splitIntoParts,
  stratifiedKFold,
  trainTestSplit,
} from "./split/index.js";
export { bytesHeld, type ImageStore, MemoryStore } from "./store/image-store.js";
export { bytesOfLimit, type MemoryLimit } from "./store/memory-bound.js";
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
export { loadImage, type Target, type TargetOptions, targetFrom } from "./target.js";
export { checkTargetsForSplit } from "./targets/check.js";
export { boxTargets } from "./targets/from-boxes.js";
export { type ColumnTargets, type TargetsOptions, targetsOf } from "./targets/from-listing.js";
export { classMaps, type MaskFiles } from "./targets/from-masks.js";
export { type InferredTargets, inferTargets, type TargetWish } from "./targets/infer.js";
export {
  BOX_NUMBERS,
  type ColumnKind,
  IGNORED,
  TARGET_KINDS,
  type TargetKind,
  type Targets,
} from "./targets/targets.js";
export { displayTree } from "./tree.js";
export { LABEL_JOURNAL } from "./usual-names.js";
