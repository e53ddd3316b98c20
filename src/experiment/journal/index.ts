// The face of label journals: corrections of labels beside the data, found, read and added to.
export {
  type AddedImage,
  type AdditionOptions,
  addedImages,
  addImage,
  additionsFolder,
  isAddedFile,
} from "./additions.js";
export { type JournalEntry, type JournalLabel, type LabelJournal, NO_LABEL, parseJournal } from "./entries.js";
export {
  type CorrectedImage,
  type CorrectionOptions,
  correctedLabels,
  exclude,
  findJournal,
  type JournalImage,
  type LabelJournalFile,
  openJournal,
  readJournal,
  relabel,
  undo,
} from "./journal-file.js";
export { type JournalPlace, journalPath } from "./place.js";
