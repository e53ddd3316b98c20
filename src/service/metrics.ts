// Measures of a service in the text format of Prometheus (0.0.4): counters, gauges and histograms with a bounded number of
// labels, for their values are names of models, routes and statuses, and never text of a request.

type Labels = Readonly<Record<string, string | number>>;

interface Family {
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** Upper ends of a histogram. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** All measures by their names. */
const FAMILIES = {
  fovea_requests_total: { help: "Requests by route and status.", type: "counter" },
  fovea_request_seconds: {
    help: "Seconds from a request's headers to its answer.",
    type: "histogram",
    buckets: SECONDS,
  },
  fovea_samples_total: { help: "Samples that were computed.", type: "counter" },
  fovea_batch_samples: { help: "Samples of a batch.", type: "histogram", buckets: SIZES },
  fovea_batch_seconds: { help: "Seconds of computing a batch.", type: "histogram", buckets: SECONDS },
  fovea_answers_total: { help: "Answers about images: accepted, referred or refused.", type: "counter" },
  fovea_boxes_left_out_total: {
    help: "Boxes that detectors from elsewhere gave and no answer has: of odd sides or unknown classes.",
    type: "counter",
  },
  fovea_queue_samples: { help: "Samples that are decoded, wait or are computed.", type: "gauge" },
  fovea_body_bytes: { help: "Bytes of bodies in memory.", type: "gauge" },
  fovea_ready: { help: "1 while the service takes requests.", type: "gauge" },
  process_resident_memory_bytes: { help: "Resident memory of the process.", type: "gauge" },
} as const satisfies Readonly<Record<string, Family>>;

export type Measure = keyof typeof FAMILIES;

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const labelsOf = (labels: Labels): string => {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
};
const withLabel = (labels: string, label: string): string =>
  labels === "" ? `{${label}}` : `${labels.slice(0, -1)},${label}}`;

export class Metrics {
  readonly #values = new Map<Measure, Map<string, number>>();
  readonly #histograms = new Map<Measure, Map<string, Histogram>>();

  /** Adds to a counter. */
  add(name: Measure, labels: Labels = {}, value = 1): void {
    const values = this.#of(this.#values, name);
    const key = labelsOf(labels);
    values.set(key, (values.get(key) ?? 0) + value);
  }

  /** Sets a gauge. */
  set(name: Measure, value: number, labels: Labels = {}): void {
    this.#of(this.#values, name).set(labelsOf(labels), value);
  }

  /** Counts a value into a histogram. */
  observe(name: Measure, value: number, labels: Labels = {}): void {
    const { buckets }: Family = FAMILIES[name];
    const ends = buckets ?? [];
    const all = this.#of(this.#histograms, name);
    const key = labelsOf(labels);
    const histogram = all.get(key) ?? { counts: ends.map(() => 0), sum: 0, count: 0 };
    all.set(key, histogram);
    const at = ends.findIndex((end) => value <= end);
    if (at >= 0) histogram.counts[at]!++;
    histogram.sum += value;
    histogram.count++;
  }

  /** All measures as Prometheus reads them. */
  text(): string {
    const lines: string[] = [];
    for (const [name, { help, type }] of Object.entries(FAMILIES) as [Measure, Family][]) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of this.#values.get(name) ?? []) lines.push(`${name}${labels} ${value}`);
      for (const [labels, histogram] of this.#histograms.get(name) ?? [])
        lines.push(...histogramLines(name, labels, histogram));
    }
    return `${lines.join("\n")}\n`;
  }

  #of<T>(all: Map<Measure, Map<string, T>>, name: Measure): Map<string, T> {
    const values = all.get(name) ?? new Map<string, T>();
    all.set(name, values);
    return values;
  }
}

function histogramLines(name: Measure, labels: string, { counts, sum, count }: Histogram): string[] {
  const { buckets }: Family = FAMILIES[name];
  let below = 0;
  const lines = (buckets ?? []).map((end, at) => {
    below += counts[at]!;
    return `${name}_bucket${withLabel(labels, `le="${end}"`)} ${below}`;
  });
  return [
    ...lines,
    `${name}_bucket${withLabel(labels, 'le="+Inf"')} ${count}`,
    `${name}_sum${labels} ${sum}`,
    `${name}_count${labels} ${count}`,
  ];
}
