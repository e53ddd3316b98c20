// One cell of the grid: a picture, its label, and what the journal has changed. Drawn anew only when something of it changes.
import { memo } from "preact/compat";
import type { ImageItem } from "../../../contract/facts.js";
import type { Host } from "../../host/host.js";
import { CAPTION, type GridLayout, placeOf } from "./grid-layout.ts";
import { Thumb } from "./thumb.tsx";

interface CellProps {
  readonly position: number;
  readonly layout: GridLayout;
  readonly connection: Host | undefined;
  readonly project: string;
  readonly isFlying: boolean;
  readonly total: number;
  readonly item: ImageItem | undefined;
  readonly isSelected: boolean;
  readonly isCursor: boolean;
}

export const Cell = memo(function Cell({
  position,
  layout,
  connection,
  project,
  isFlying,
  total,
  item,
  isSelected,
  isCursor,
}: CellProps) {
  const { left, top } = placeOf(layout, position);
  const { cell } = layout;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus, and names this as its active one
    <div
      id={`image-${position}`}
      class={`cell${isCursor ? " cursor" : ""}${item?.excluded ? " excluded" : ""}`}
      role="option"
      aria-selected={isSelected}
      aria-posinset={position + 1}
      aria-setsize={total}
      aria-label={nameOf(item, position)}
      style={{ left: `${left}px`, top: `${top}px`, width: `${cell}px`, height: `${cell + CAPTION}px` }}
      data-position={position}
    >
      <span class="picture" style={{ height: `${cell}px` }}>
        {item !== undefined && <Thumb {...{ connection, project, isFlying }} index={item.index} key={item.index} />}
        {isSelected && <b aria-hidden="true">✓</b>}
      </span>
      <span class="caption">
        <bdi>{item?.label}</bdi>
        {item?.was !== undefined && " "}
        {item?.was !== undefined && (
          <span class="chip">
            was <bdi>{item.was}</bdi>
          </span>
        )}
        {item?.excluded && " "}
        {item?.excluded && <span class="chip">left out</span>}
      </span>
    </div>
  );
});

/** Text of a cell, in the order in which it is seen, then its file. */
function nameOf(item: ImageItem | undefined, position: number): string {
  if (item === undefined) return `Image ${position + 1}`;
  const { label = "no label", file, was, excluded } = item;
  return `${label}${was === undefined ? "" : ` was ${was}`}${excluded ? " left out" : ""}, ${file}`;
}
