// The table of contents of the site: every Markdown file that is a page, by group, in the order of the navigation.
// A page's title is its first heading; a file that is missing or listed nowhere fails the build.

/** Pages of one part of the site. */
export interface Group {
  readonly title: string;
  /** Markdown files, from the root of the repository. */
  readonly files: readonly string[];
}

const inDocs = (folder: string, ...names: readonly string[]): readonly string[] =>
  names.map((name) => `docs/${folder}${name}.md`);

const ROOMS = [
  ...["core", "platform", "compile", "backends", "nn", "data", "forensics", "formats", "applications", "explain"],
  ...["report", "tune", "experiment", "service", "cli", "testing"],
];

const LECTURE = [
  ...["01-computer-vision", "02-images-as-numbers", "03-convolution", "04-pooling", "05-networks", "06-augmentation"],
  ...["07-what-layers-learn", "08-the-data-set", "09-logistic-regression", "10-a-convolutional-network"],
  ...["11-finding-settings", "12-transfer"],
];

/** The site, group by group. */
export const GROUPS: readonly Group[] = [
  { title: "Start", files: inDocs("", "index", "first-steps", "studio", "library", "troubleshooting", "errors") },
  { title: "The lecture", files: inDocs("lecture/", ...LECTURE) },
  {
    title: "Tasks",
    files: inDocs(
      "",
      ...[
        "your-images",
        "runs",
        "transfer",
        "classification",
        "labels",
        "numbers",
        "segmentation",
        "detection",
        "verification",
        "tables",
        "tuning",
      ],
      ...["annotations", "models-from-elsewhere"],
    ),
  },
  {
    title: "Coming from",
    files: inDocs("coming-from/", "keras", "pytorch", "scikit-learn", "optuna", "teachable-machine"),
  },
  { title: "Data to trust", files: inDocs("", "health", "label-errors", "copies", "forensics") },
  {
    title: "Answers to trust",
    files: inDocs("", "reproducibility", "trust", "monitoring", "card", "governance"),
  },
  { title: "Ship", files: inDocs("", "deploying", "serving", "scoring") },
  { title: "Measured", files: inDocs("", "measured", "photo-base", "limits") },
  {
    title: "Extend",
    files: [
      ...inDocs("extend/", "layer", "op", "sampler", "storage", "backend"),
      ...inDocs("", "contract-suites"),
      ...inDocs("extend/", "page"),
    ],
  },
  {
    title: "Decisions",
    files: inDocs(
      "decisions/",
      ...["index", "gif-and-bmp", "png", "metadata", "sqlite", "engine", "reference", "generated-images"],
    ),
  },
  {
    title: "Inside",
    files: [
      ...["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/dependencies.md", "bench/README.md", "examples/README.md"],
      ...["studio/README.md", ...ROOMS.map((room) => `src/${room}/README.md`)],
    ],
  },
];

/** Folder of the pages that are made of the sources, beside those of files. */
export const REFERENCE = "reference/";

/** Paths of pages in the site, by the Markdown file that they come from: `docs/card.md` is `card.html`. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap(({ files }) => files.map((file) => [file, addressOf(file)])),
);

/** The address of the page of a Markdown file. */
export function addressOf(file: string): string {
  if (file.startsWith(REFERENCE)) return file.replace(/md$/, "html");
  if (file.startsWith("docs/")) return file.slice("docs/".length).replace(/md$/, "html");
  const folder = /^(?:src\/)?(\w+)\/README\.md$/.exec(file)?.[1];
  return `inside/${folder ?? file.replace(/\.md$/, "").toLowerCase()}.html`;
}
