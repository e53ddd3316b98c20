// The best of some trials.

/** The first of those with the best value; undefined for none. */
export const bestOf = <T extends { readonly value: number }>(
  trials: readonly T[],
  direction: "minimize" | "maximize",
): T | undefined =>
  trials.reduce<T | undefined>((best, trial) => {
    if (best === undefined) return trial;
    return (direction === "minimize" ? trial.value < best.value : trial.value > best.value) ? trial : best;
  }, undefined);
