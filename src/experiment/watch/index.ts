// The face of seen photos: a store of their hashes, and what is asked of it.
export {
  type AddedPhotos,
  addPhotos,
  checkPhotos,
  mergeWatch,
  type PhotoCheck,
  type PhotoMatch,
  type PhotoOptions,
} from "./photos.js";
export type { WatchEntry } from "./records.js";
export { openWatch, type WatchPlace, type WatchStore } from "./store.js";
