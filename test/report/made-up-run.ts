// Facts of a run that never took place, close to those of a real one: the lecture's classes, counts, sizes and curves.
// Made from a small fixed generator, so that the golden files of the charts stay what they are.
import type {
  ClassificationFacts,
  FailureFacts,
  ImageFacts,
  InspectFacts,
  RunFacts,
  SplitFacts,
} from "../../src/report/facts.js";

export const CLASS_NAMES = [
  ..."人从众大夫天口太因鱼犬吠哭火炎啖木林森本竹羊美羔山出女囡鸟日东月朋明肉肤工白虎门闪问闲水牛马吗妈玉王国主川舟虫",
].sort();

/** Numbers from 0 to 1, the same ones for the same seed (a linear congruential generator, good enough for pictures). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function split(name: string, typical: number, seed: number): SplitFacts {
  const next = numbers(seed);
  const counts = CLASS_NAMES.map((c) =>
    c === "啖" || c === "囡" ? Math.round(typical * 0.4) : Math.round(typical * (0.985 + 0.02 * next())),
  );
  const total = counts.reduce((sum, n) => sum + n, 0);
  const bell = () => next() + next() + next() - 1.5;
  const heights = Float64Array.from({ length: total }, () => Math.round(84 + 26 * bell()));
  const widths = Float64Array.from(heights, (height) => Math.round(height * 0.76 + 16 * bell()));
  const rgba = Math.round(total * 0.86);
  const modes =
    name === "Train"
      ? [
          { mode: "RGBA", count: rgba },
          { mode: "L", count: total - rgba },
        ]
      : [{ mode: "L", count: total }];
  return { name, counts, heights, widths, modes };
}

/** A blot on paper, dark in the middle. */
export function blot(height: number, width: number, seed: number): ImageFacts {
  const next = numbers(seed);
  const data = new Uint8Array(height * width).map((_, i) => {
    const y = Math.floor(i / width) / height - 0.5;
    const x = (i % width) / width - 0.5;
    return Math.min(255, Math.max(0, 900 * (x * x + y * y) + 40 * next()));
  });
  return { height, width, channels: 1, data };
}

/** Pairs that are easily taken for one another, by position in CLASS_NAMES. */
const ALIKE = ["太大", "大太", "闪问", "问闲", "日白", "王玉", "玉主", "木本", "人大", "天夫", "鸟马", "犬大"].map(
  (pair) => [...pair].map((c) => CLASS_NAMES.indexOf(c)) as [number, number],
);

export function madeUpRun(
  images: (classIndex: number, n: number) => ImageFacts = (k, n) => blot(80, 60, k * 7 + n),
): RunFacts & { readonly evaluation: ClassificationFacts } {
  const next = numbers(5);
  const splits = [split("Train", 604, 1), split("Test", 142, 2)];
  const labels: number[] = [];
  const predicted: number[] = [];
  const confidence: number[] = [];
  CLASS_NAMES.forEach((_, k) => {
    const alike = ALIKE.filter(([a]) => a === k);
    for (let i = 0; i < splits[1]!.counts[k]!; i++) {
      const wrong = next() < 0.09 + 0.05 * alike.length;
      const pair = alike[Math.floor(next() * alike.length)];
      labels.push(k);
      predicted.push(wrong ? (pair && next() < 0.7 ? pair[1] : Math.floor(next() * CLASS_NAMES.length)) : k);
      confidence.push(Math.fround(wrong ? 0.25 + 0.75 * next() : 1 - 0.6 * next() ** 6));
    }
  });
  const epochs = Array.from({ length: 41 }, (_, i) => i);
  const wobble = () => 0.012 * (next() - 0.5);
  const wrong = labels
    .map((truth, i) => ({ truth, i }))
    .filter(({ truth, i }) => truth !== predicted[i])
    .sort((a, b) => confidence[b.i]! - confidence[a.i]!);
  const failures: FailureFacts[] = wrong.slice(0, 200).map(({ truth, i }) => ({
    trueClass: truth,
    predictedClass: predicted[i]!,
    confidence: confidence[i]!,
    image: images(truth, i),
    file: `Test/${CLASS_NAMES[truth]}/${i}.png`,
  }));
  return {
    name: "lecture-cnn",
    createdBy: "Fovea 0.1.0",
    classNames: CLASS_NAMES,
    recipe: [
      { label: "Data", value: "CASIA-Dataset, Train and Test, 55 classes" },
      { label: "Images", value: "80 × 60, grayscale, Lanczos" },
      { label: "Split", value: "0.2 for validation, random state 123" },
      { label: "Model", value: "cnn" },
      { label: "Optimizer", value: "adam, learning rate 0.001" },
      { label: "Loss", value: "sparse categorical cross-entropy from logits" },
      { label: "Batches", value: "128 images, at most 100 epochs" },
      { label: "Early stopping", value: "val_accuracy, patience 15, best weights restored" },
      { label: "Seed", value: "1" },
      { label: "Mode", value: "reproducible" },
    ],
    splits,
    samples: [16, 36, 20, 33, 49, 14, 54, 27, 8, 41].map((classIndex, n) => ({
      classIndex,
      image: images(classIndex, n),
    })),
    model: {
      name: "sequential",
      layers: [
        ["rescaling", "Rescaling", "(None, 80, 60, 1)", 0],
        ["conv1", "Conv2D", "(None, 80, 60, 16)", 160],
        ["pool1", "MaxPooling2D", "(None, 40, 30, 16)", 0],
        ["conv2", "Conv2D", "(None, 40, 30, 32)", 4640],
        ["pool2", "MaxPooling2D", "(None, 20, 15, 32)", 0],
        ["conv3", "Conv2D", "(None, 20, 15, 64)", 18496],
        ["pool3", "MaxPooling2D", "(None, 5, 3, 64)", 0],
        ["flatten", "Flatten", "(None, 960)", 0],
        ["dense", "Dense", "(None, 64)", 61504],
        ["dense_1", "Dense", "(None, 55)", 3575],
      ].map(([name, type, outputShape, params]) => ({
        name: String(name),
        type: String(type),
        outputShape: String(outputShape),
        params: Number(params),
      })),
      totals: [
        { label: "Total params", value: "88,375 (345.21 KB)" },
        { label: "Trainable params", value: "88,375 (345.21 KB)" },
        { label: "Non-trainable params", value: "0 (0.00 B)" },
      ],
    },
    history: {
      accuracy: epochs.map((e) => 0.9995 - 0.65 * Math.exp(-e / 3) + wobble() * 0.1),
      loss: epochs.map((e) => 0.004 + 2.4 * Math.exp(-e / 3)),
      val_accuracy: epochs.map((e) => 0.9 - 0.5 * Math.exp(-e / 2.5) + (e === 25 ? 0.012 : wobble())),
      val_loss: epochs.map((e) => 0.38 + 1.9 * Math.exp(-e / 2.2) + 0.008 * e + 2 * wobble()),
    },
    bestEpoch: 26,
    monitor: "val_accuracy",
    metrics: [
      { split: "Train", values: { loss: 0.0042, accuracy: 0.9988, sparse_top_k_categorical_accuracy: 1 } },
      { split: "Validation", values: { loss: 0.4665, accuracy: 0.9043, sparse_top_k_categorical_accuracy: 0.9853 } },
      { split: "Test", values: { loss: 0.9513, accuracy: 0.885, sparse_top_k_categorical_accuracy: 0.9775 } },
    ],
    evaluation: { kind: "classification", split: "Test", labels, predicted, confidence },
    failures,
    warnings: ["Validation beats Test by 1.9 points: the writers of validation images may also be in Train."],
    hashes: [
      { label: "weights_sha256", value: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef" },
      { label: "data sha256", value: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" },
    ],
    seconds: 1234.5,
    replay: {
      command: "fovea replay runs/lecture-cnn",
      code: `import { sequential } from "fovea";
import { conv2d, dense, flatten, input, maxPooling2d, rescaling } from "fovea/layers";

const model = sequential([
  input([80, 60, 1]), rescaling(1 / 255),
  conv2d(16, 3, { padding: "same", activation: "relu" }), maxPooling2d(),
  flatten(), dense(64, { activation: "relu" }), dense(55),
]);
model.compile({ optimizer: "adam", loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
await model.fit(train, { validationData: val, epochs: 100, batchSize: 128 });`,
    },
  };
}

export function madeUpInspection(): InspectFacts {
  const { createdBy, classNames, splits, samples } = madeUpRun();
  return {
    name: "CASIA-Dataset",
    createdBy,
    classNames,
    rows: [
      { label: "Folder", value: "CASIA-Dataset" },
      { label: "Classes", value: "55" },
      { label: "Images", value: "39,890" },
    ],
    tree: "CASIA-Dataset\n├── Test\n│   ├── 东\n│   │   ├── 1.png\n│   │   └── … 141 more\n│   └── … 54 more\n└── Train",
    splits,
    samples,
    problems: [{ file: "Train/东/17.png", what: "ends in the middle of its pixels" }],
  };
}
