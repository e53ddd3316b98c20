// Faults of annotation files: one sentence for each kind of fault, with the number of cases and the first of them. Readers
// go on behind a fault; nothing is left out in silence.
import { oneLine } from "../../core/text.js";
import type { Finding } from "../findings.js";
import { counted } from "../messages.js";

interface Problem {
  readonly severity: Finding["severity"];
  /** Things that have the fault: singular, and plural where it is not the singular with an s. */
  readonly things: readonly [one: string, many?: string];
  /** The fault, behind the number of things. */
  readonly fault: string;
  readonly remedy: string;
}

const PROBLEMS = {
  outside: {
    severity: "warning",
    things: ["object"],
    fault: "outside of the image left out",
    remedy: "check whether the annotations belong to images of another size",
  },
  over: {
    severity: "note",
    things: ["box", "boxes"],
    fault: "reaching over the edge of the image",
    remedy: "training cuts them off at the edge",
  },
  empty: {
    severity: "warning",
    things: ["object"],
    fault: "without any area left out",
    remedy: "draw them again, or remove them from the file",
  },
  upsideDown: {
    severity: "warning",
    things: ["box", "boxes"],
    fault: "of negative width or height turned over",
    remedy: "save left before right and top before bottom",
  },
  corners: {
    severity: "warning",
    things: ["outline"],
    fault: "of fewer than three corners left out",
    remedy: "draw them again, or remove them from the file",
  },
  numbers: {
    severity: "error",
    things: ["object"],
    fault: "without readable numbers left out",
    remedy: "export the annotations again; the file may be damaged or of another form",
  },
  unknownClass: {
    severity: "error",
    things: ["object"],
    fault: "of a class that is not among the classes left out",
    remedy: "add the class to the list of classes of the file",
  },
  unknownImage: {
    severity: "error",
    things: ["object"],
    fault: "on an image that the file does not list left out",
    remedy: "export the annotations together with their images",
  },
  missingImage: {
    severity: "error",
    things: ["annotated image"],
    fault: "missing in the folder of images",
    remedy: "copy them there, or correct their names in the annotations",
  },
  unannotated: {
    severity: "note",
    things: ["image"],
    fault: "without any annotation",
    remedy: "annotate them, or leave them out; nothing is assumed about them",
  },
  otherSize: {
    severity: "warning",
    things: ["image"],
    fault: "of another size than its annotations say",
    remedy: "check whether the annotations belong to these images; the annotations' size is used",
  },
  stored: {
    severity: "note",
    things: ["image"],
    fault: "annotated on its side, as stored; the annotations are turned upright",
    remedy: "nothing is to be done",
  },
  noSize: {
    severity: "error",
    things: ["image"],
    fault: "of unknown size left out",
    remedy: "give the folder of the images",
  },
  twice: {
    severity: "error",
    things: ["image"],
    fault: "annotated twice, of which the first is used",
    remedy: "remove one of the two",
  },
  shape: {
    severity: "warning",
    things: ["shape"],
    fault: "without an area (points, lines, tracks) left out",
    remedy: "annotate with boxes, polygons or masks",
  },
  rounded: {
    severity: "note",
    things: ["shape"],
    fault: "with round or turned edges read as a polygon",
    remedy: "nothing is to be done",
  },
  annotators: {
    severity: "note",
    things: ["image"],
    fault: "annotated by several people, of whom the first is used",
    remedy: "export one annotation for each image",
  },
  predicted: {
    severity: "warning",
    things: ["image"],
    fault: "annotated by a model alone (predictions)",
    remedy: "check the objects and save them as annotations",
  },
  labels: {
    severity: "warning",
    things: ["object"],
    fault: "of several classes, of which the first is used",
    remedy: "give each object one class",
  },
  sameId: {
    severity: "error",
    things: ["object"],
    fault: "whose image or class shares its number (id) with another left out",
    remedy: "renumber the images and classes; JSON readers round numbers above 9,007,199,254,740,991",
  },
  numberless: {
    severity: "note",
    things: ["number (id)", "numbers (id)"],
    fault: "not whole, and so not kept",
    remedy: "nothing is to be done unless other files refer to them",
  },
  unread: {
    severity: "error",
    things: ["file"],
    fault: "that cannot be read left out",
    remedy: "export the annotations again; the file may be damaged or of another form",
  },
  fields: {
    severity: "note",
    things: ["field"],
    fault: "of the file not read",
    remedy: "nothing is to be done unless you need them",
  },
  sameName: {
    severity: "warning",
    things: ["class", "classes"],
    fault: "with the name of another taken for the same",
    remedy: "give each class a name",
  },
  fromOne: {
    severity: "note",
    things: ["image"],
    fault: "of a VOC challenge, whose boxes count pixels from 1 with both ends included",
    remedy: "nothing is to be done",
  },
  unnamed: {
    severity: "note",
    things: ["class", "classes"],
    fault: "without a name, called by their numbers",
    remedy: "add the file of names (data.yaml, classes.txt, labelmap.txt)",
  },
} as const satisfies Record<string, Problem>;
export type ProblemName = keyof typeof PROBLEMS;

/** Faults and notes of files that are read with all that they hold. */
const HARMLESS: readonly ProblemName[] = [
  "over",
  "upsideDown",
  "otherSize",
  "stored",
  "unannotated",
  "missingImage",
  "fromOne",
  "unnamed",
  "predicted",
];

/** Files that a finding names. */
const MOST_FILES = 20;

/** Collects faults while files are read. */
export class Problems {
  readonly #fields = new Set<string>();
  readonly #found = new Map<ProblemName, { count: number; readonly files: Set<string>; readonly first: string }>();

  /**
   * Counts a fault.
   * @param file the image or file that has it
   * @param detail the case itself, shown of the first one only
   */
  add(name: ProblemName, file: string, detail = ""): undefined {
    const first = detail === "" ? file : `${file}: ${detail}`;
    const entry = this.#found.get(name) ?? { count: 0, files: new Set<string>(), first };
    entry.count++;
    if (entry.files.size < MOST_FILES) entry.files.add(file);
    this.#found.set(name, entry);
    return undefined;
  }

  /** Counts a field that is not read, once for each file. */
  addField(file: string, field: string): void {
    const key = `${file}\n${field}`;
    if (this.#fields.has(key)) return;
    this.#fields.add(key);
    this.add("fields", file, field);
  }

  /** True where all that the files hold was read. */
  get isWhole(): boolean {
    return [...this.#found.keys()].every((name) => HARMLESS.includes(name));
  }

  /** A finding for each kind of fault, errors first. */
  findings(): Finding[] {
    const ORDER = ["error", "warning", "note"];
    return [...this.#found]
      .map(([name, { count, files, first }]): Finding => {
        const { severity, things, fault, remedy }: Problem = PROBLEMS[name];
        const evidence = `${counted(count, ...things)} ${fault} (${count === 1 ? "" : "first "}${oneLine(first)})`;
        return { kind: "annotation", severity, files: [...files], evidence, remedy };
      })
      .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  }
}
