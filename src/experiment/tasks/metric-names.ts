// Metrics by the names that people read: "Top 5 Accuracy" for Keras's sparse_top_k_categorical_accuracy.

/** How many of the best predictions count as right in the top-k metric: five, or all where there are fewer classes. */
export const topK = (classes: number): number => Math.min(5, classes);

/** Keras's key of it. */
export const TOP_K = "sparse_top_k_categorical_accuracy";

/** The metrics that tell people something: among the top k of no more than k classes every answer is right. */
export const telling = (metrics: Readonly<Record<string, number>>, classes: number): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([key]) => !key.endsWith(TOP_K) || topK(classes) < classes));

/** A metric's name in a heading or a sentence: `Loss`, `Accuracy`, `Top 5 Accuracy`. */
export function metricTitle(key: string, classes: number): string {
  if (key === TOP_K) return `Top ${topK(classes)} Accuracy`;
  return key
    .split("_")
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(" ");
}

/** A metric's key where room is short: `val_top-5` for `val_sparse_top_k_categorical_accuracy`. */
export const shortMetric = (key: string, classes: number): string => key.replace(TOP_K, `top-${topK(classes)}`);
