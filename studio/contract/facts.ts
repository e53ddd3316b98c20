// Facts that the Studio's page and its workbench tell each other: plain data that JSON and messages between threads carry.
import type { Decile } from "./understand-facts.js";

/** A place where the workbench lives: a program of Node that reads the disk, or a worker of the page itself. */
export type Place = "local" | "static";

export interface Welcome {
  readonly version: string;
  readonly place: Place;
  /** Threads that compute. */
  readonly threads: number;
  /** A sentence where the page's server gave no cross-origin isolation, so that one thread computes. */
  readonly note?: string;
  /** Folders that may be opened, with all that lies below them. Empty in a page. */
  readonly roots: readonly string[];
  readonly projects: readonly ProjectFacts[];
  /** The project that the program was started with. */
  readonly opened?: string;
  readonly jobs: readonly JobFacts[];
  /** Number of the last news before this answer: all that they told is in it, later ones are not. */
  readonly news: number;
}

/** A folder of the disk, or a file, as the dialog for opening lists it. */
export interface PlaceEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/** Kinds of what can be opened. */
export type ProjectKind = "images" | "run" | "study" | "model";

/** Opened data with all that was made of it. */
export interface ProjectFacts {
  readonly id: string;
  readonly name: string;
  readonly kind: ProjectKind;
  /** Path on the disk; absent for files of a page. */
  readonly path?: string;
  /** A sentence that says what the source was taken for. */
  readonly sentence: string;
  readonly images: number;
  /** Classes of the source, then those that the journal adds. */
  readonly classNames: readonly string[];
  /** Parts that the source itself tells apart, such as Train and Test. */
  readonly parts: readonly string[];
  /** Columns that may be targets, in their order; none for folders of classes. */
  readonly columns: readonly string[];
  /** Number of images that have no class yet. */
  readonly unlabelled: number;
  /** Number of images that have another label than the source gives, or are left out. */
  readonly changes: number;
  /** Grows with every change of a label. */
  readonly labelVersion: number;
  /** True where a change of labels can be taken back. */
  readonly canUndo: boolean;
  /** Number of images that its label journal has added; they are the last. */
  readonly added: number;
  /** Kind of its labels, or of those that its images can be given; absent where there are no images. */
  readonly labelKind?: "classes" | "labels" | "numbers";
  /** The run that was opened with it, to be shown first. */
  readonly run?: string;
  /** True where that run was broken off and can go on. */
  readonly isRunUnfinished?: true;
}

/** One image of a project as the grid shows it. */
export interface ImageItem {
  /** Number of the image in its project, from 0; stays the same while the project is open. */
  readonly index: number;
  readonly file: string;
  /** Its label now; absent for images without. */
  readonly label?: string;
  /** Its label in the source, where the journal has changed it. */
  readonly was?: string;
  readonly excluded?: true;
  readonly part?: string;
  /** Bytes of its file. */
  readonly size: number;
}

/** Images that are asked for: those of a class, of a part, whose name has a text in it. */
export interface ImageFilter {
  readonly label?: string | undefined;
  /** Only images that have no class yet. */
  readonly unlabelled?: boolean | undefined;
  readonly part?: string | undefined;
  readonly search?: string | undefined;
  /** Only images that the journal has changed or excluded. */
  readonly changed?: boolean | undefined;
  /** Only images of a finding, by its id. */
  readonly finding?: string | undefined;
  /** Only images of a size, such as `28 x 28`; known after somebody has looked at all. */
  readonly pixels?: string | undefined;
}

export interface ImagePage {
  /** Number of images that match. */
  readonly total: number;
  readonly items: readonly ImageItem[];
}

/** Images per class, in the order of the project's class names, as the journal has them now. */
export interface ClassCount {
  readonly name: string;
  readonly count: number;
}

/** A quantity of a history. */
export interface MeasureFacts {
  /** Keras's key, without `val_`. */
  readonly key: string;
  readonly title: string;
  readonly direction: "up" | "down";
}

/** One validation image with what the network says of it while it learns. */
export interface SampleAnswer {
  /** Its number in the project; absent where the project no longer has it. */
  readonly index?: number;
  readonly file: string;
  /** Its class or labels; none where numbers are predicted. */
  readonly truth: readonly string[];
  /** Classes or labels, the most probable first; none where numbers are predicted. */
  readonly guesses: readonly Guess[];
  /** Predicted numbers by the names of their targets, beside what they are. */
  readonly numbers: readonly { readonly name: string; readonly actual: number; readonly predicted: number }[];
}

/** States of a job; one that waits for its turn has not begun. */
export type JobState = "waiting" | "loading" | "training" | "evaluating" | "done" | "stopped" | "failed";

const OVER: readonly JobState[] = ["done", "stopped", "failed"];

/** Tells whether a job has ended. */
export const isOver = ({ state }: Pick<JobFacts, "state">): boolean => OVER.includes(state);

/** Long work, as the strip at the bottom shows it. */
export interface JobFacts {
  readonly id: string;
  /** Empty where there is none yet. */
  readonly project: string;
  readonly kind: "train" | "tune" | "export" | "look" | "draw" | "score";
  /** Name of the run or study that it makes or asks, or what it does in words. */
  readonly name: string;
  /** The study that it runs, by its name in addresses. */
  readonly study?: string;
  readonly state: JobState;
  readonly done: number;
  readonly total: number;
  readonly epoch: number;
  readonly epochs: number;
  /** Images a second, over the last epoch or so. */
  readonly rate?: number;
  readonly secondsLeft?: number;
  /** One number per epoch under each of Keras's keys. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Quantities that the training of a run measures, in the library's words; absent before its data is there. */
  readonly measures?: readonly MeasureFacts[];
  /** Keras's key of the quantity that training watches: the weights of its best epoch are kept. */
  readonly monitor?: string;
  /** Some validation images with their answers. */
  readonly samples?: {
    /** The epoch that they are after, counted from 1; absent for those of the best weights, when training has ended. */
    readonly epoch?: number;
    readonly task: TaskName;
    readonly answers: readonly SampleAnswer[];
  };
  /** Bytes that the program holds in memory. */
  readonly memory?: number;
  /** The seed of the run. */
  readonly seed?: number;
  /** Hash of the trained weights, once they are there. */
  readonly sha256?: string;
  /** The library's sentence where the work failed. */
  readonly error?: string;
}

export type TaskName = "classification" | "multiLabel" | "regression" | "segmentation" | "verification" | "detection";

/** A network that can be trained. */
export interface NetworkChoice {
  readonly name: string;
  readonly title: string;
  /** True for one that was trained on many images before. */
  readonly isBase: boolean;
  /** A sentence that says how to get its weights, where they are not here. */
  readonly missing?: string;
}

/** The size of a network for a project's images, and how long it takes. */
export interface NetworkCost {
  readonly parameters: number;
  /** Seconds of an epoch's training here, by two steps that were measured; absent where nobody asked. */
  readonly epochSeconds?: number;
}

/** A column that can be predicted. */
export interface TargetChoice {
  readonly column: string;
  readonly task: TaskName;
}

export interface TrainChoices {
  readonly networks: readonly NetworkChoice[];
  /** None for folders of classes. */
  readonly targets: readonly TargetChoice[];
  /** Tasks that images of a class each can be learnt for, the default first; none where columns tell the task. */
  readonly tasks: readonly TaskName[];
  /** Losses of each task, the default first. */
  readonly losses: Readonly<Record<TaskName, readonly string[]>>;
}

export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly epochs: number;
  readonly bestEpoch: number;
  /** Absent for a model that no run here has made. */
  readonly seed?: number;
  readonly sha256: string;
  /** Metrics of the parts by Keras's keys. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Metrics in words by their keys. */
  readonly titles: Readonly<Record<string, string>>;
  readonly task: TaskName;
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** A run that was broken off, by somebody or by the end of its program, and can go on. */
export interface UnfinishedRun {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  /** Epochs that it has trained. */
  readonly epochs: number;
  /** Epochs that it was to train at most. */
  readonly ofEpochs: number;
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** The library's sentence where its folder cannot be read. */
  readonly problem?: string;
}

/** A setting that two runs have differently, each value in words. */
export interface SettingDifference {
  readonly setting: string;
  readonly first: string;
  readonly second: string;
}

/** A test figure of two runs: the second's less the first's, with the ends of its interval of 95 % where there is one. */
export interface FigureDifference {
  readonly title: string;
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly low?: number;
  readonly high?: number;
  readonly direction: "up" | "down";
}

/** Two runs beside each other: what was set differently, and what came of it. */
export interface RunComparison {
  readonly settings: readonly SettingDifference[];
  /** Test figures that both have. */
  readonly figures: readonly FigureDifference[];
  /** Number of test images that both were judged by, and of all test images of each. */
  readonly shared: number;
  readonly tested: readonly [first: number, second: number];
  /** Of classifications: the images that only one of them is right about, and McNemar's exact p-value. */
  readonly mcnemar?: { readonly firstOnly: number; readonly secondOnly: number; readonly pValue: number };
}

/** One image of the test part with what the model said. */
export interface JudgedImage {
  /** Its number in the project; absent where the project no longer has it. */
  readonly index?: number;
  readonly file: string;
  readonly label: number;
  readonly predicted: number;
  readonly confidence: number;
}

export interface RunDetails extends RunSummary {
  readonly classNames: readonly string[];
  readonly recipe: readonly { readonly label: string; readonly value: string }[];
  readonly warnings: readonly string[];
  /** Of a classification: every image of the test part. */
  readonly judged: readonly JudgedImage[];
  /** Of numbers: every image of the test part, target by target. */
  readonly numbers: readonly JudgedNumbers[];
}

/** One number that a model predicts: all test images, by position. */
export interface JudgedNumbers {
  readonly name: string;
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
  readonly files: readonly string[];
  /** Numbers of the images in the project; -1 where it no longer has one. */
  readonly images: readonly number[];
  readonly figures: Readonly<Record<string, number>>;
  /** Tenths of the images, the lowest predictions first. */
  readonly deciles: readonly Decile[];
}

/** A class or label with the probability that the model gives it. */
export interface Guess {
  readonly label: string;
  readonly probability: number;
}

/** The answer of a model about one image. */
export interface AnswerFacts {
  readonly image: string;
  /** Classes or labels, the most probable first; none where numbers are predicted. */
  readonly guesses: readonly Guess[];
  /** Numbers by the names of their targets. */
  readonly values: readonly { readonly name: string; readonly value: number }[];
  /** The image with the classes of its pixels over it, as an address with the picture in it; of masks. */
  readonly overlay?: string;
  /** Sentence on an answer that a page has no form for. */
  readonly note?: string;
  /** Sentence that says why a person should look; absent for an answer that may be used as it is. */
  readonly referred?: string;
  readonly milliseconds: number;
}

/** All that was done in a project, as the lines that do the same. */
export interface CodeFacts {
  readonly typescript: string;
  readonly commands: string;
}

/** A change that everybody is told of. */
export type Told =
  | { readonly kind: "job"; readonly job: JobFacts }
  | { readonly kind: "project"; readonly project: ProjectFacts };

/** News of the workbench, sent as they happen, numbered from 1. */
export type News = Told & { readonly number: number };
