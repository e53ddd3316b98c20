// The layer's output: the map of the filter that is looked at, with its values where cells have room, and small maps of the
// other filters.
import { memo } from "preact/compat";
import { useMemo } from "preact/hooks";
import { keepState } from "../../frame/address.ts";
import { rangeOf, rgbaOfValues } from "../../pixel-grid/paint.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";
import { cellNumber, short } from "../parts/number-text.ts";
import { ValueScale } from "../parts/value-scale.tsx";
import { WindowOutput } from "../parts/window-output.tsx";
import { mapOf, type View, valueAt } from "./view.ts";

export function OutputMaps(view: View) {
  const { facts, filter } = view;
  const { width, filters, values } = facts;
  const map = useMemo(() => mapOf(facts, values, filter), [facts, values, filter]);
  const range = useMemo(() => rangeOf(map), [map]);
  const rgba = useMemo(() => rgbaOfValues(map, range), [map, range]);
  const text = useMemo(() => (row: number, column: number) => cellNumber(map[row * width + column]!), [map, width]);
  return (
    <WindowOutput
      {...view}
      channels={filters}
      rgba={rgba}
      text={text}
      valueText={(cell) => short(valueAt(facts, values, cell, filter))}
    >
      <ValueScale {...range} />
      {filters > 1 && (
        <fieldset class="row" aria-label="Filters">
          {Array.from({ length: filters }, (_, other) => (
            <FilterButton key={other} facts={facts} filter={other} isShown={other === filter} />
          ))}
        </fieldset>
      )}
    </WindowOutput>
  );
}

interface FilterProps {
  readonly facts: View["facts"];
  readonly filter: number;
  readonly isShown: boolean;
}

const FilterButton = memo(({ facts, filter, isShown }: FilterProps) => {
  const rgba = useMemo(() => {
    const map = mapOf(facts, facts.values, filter);
    return rgbaOfValues(map, rangeOf(map));
  }, [facts, filter]);
  return (
    <button
      type="button"
      class="filter"
      aria-pressed={isShown}
      onClick={() => keepState({ filter: String(filter + 1) })}
    >
      <PixelGrid
        label={`The map of filter ${filter + 1}`}
        rows={facts.height}
        columns={facts.width}
        rgba={rgba}
        cell={56 / facts.width}
      />
      filter {filter + 1}
    </button>
  );
});
