// A line without axes, as large as a word. Its numbers stand beside it.
interface Props {
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
}

export function Sparkline({ values, width = 96, height = 24 }: Props) {
  if (values.length < 2) return <svg width={width} height={height} aria-hidden="true" />;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, i) => {
    const x = 1 + ((width - 2) * i) / (values.length - 1);
    const y = high === low ? height / 2 : 2 + (height - 4) * (1 - (value - low) / (high - low));
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return (
    <svg width={width} height={height} aria-hidden="true">
      <path d={`M${points.join("L")}`} fill="none" style={{ stroke: "var(--right)", strokeWidth: 1.5 }} />
    </svg>
  );
}
