// Numbers in the reader's locale, as pages show them; code and files have machine form.
const format = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
  const made = new Intl.NumberFormat(undefined, options);
  return (value) => (Number.isFinite(value) ? made.format(value) : "–");
};

export const whole = format({ maximumFractionDigits: 0 });
export const percent = format({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const metric = format({ minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** Seconds in words: `1 min 10 s`. */
export function duration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  return minutes < 60 ? `${minutes} min ${rounded % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Bytes in words: `12.3 kB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}
