// Numbers and text as reports write them: English thousands, four decimals for metrics, times in words.

/** 32206 as "32,206". */
export const whole = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** A metric or loss, to four decimals; very small or large ones in scientific notation. */
export function metric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 0.0001 || size >= 1e6) ? value.toExponential(3) : value.toFixed(4);
}

/** A trial's value: a metric, or a count such as a number of parameters. */
export const trialMetric = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) > 1 ? whole(value) : metric(value);

/** 0.8849 as "88.5%". */
export const percent = (share: number, decimals = 1): string => `${(100 * share).toFixed(decimals)}%`;

/** A probability of chance, to four decimals: "0.0312", "below 0.0001". */
export const chance = (p: number): string => (p < 0.0001 ? "below 0.0001" : p.toFixed(4));

/** A rate or another number of which three digits matter: 2153 as "2,153", 3.25 as "3.3". */
export const rough = (value: number): string => (value >= 100 ? whole(value) : value.toFixed(1));

/** A number in its unit, to about four digits: "1,234 €", "2.346 dents", "0.01235". */
export function amount(value: number, unit?: string): string {
  const size = Math.abs(value);
  const digits =
    !Number.isFinite(value) || Number.isInteger(value) || size >= 1000
      ? Number.isFinite(value)
        ? whole(value)
        : String(value)
      : size < 0.0001
        ? value.toExponential(2)
        : String(Number(value.toPrecision(4)));
  return unit === undefined ? digits : `${digits} ${unit}`;
}

/** Seconds as "42 s", "12 min 5 s" or "3 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  if (all < 3600) return `${Math.floor(all / 60)} min ${all % 60} s`;
  const minutes = Math.round(all / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
