// A layer diagram as SVG, and as text for Graphviz. Both come from the same facts; no program is needed to draw.
import { COLORS } from "../charts/theme.js";
import { escapeHtml } from "../pages/html.js";
import { type Diagram, type DiagramNode, type NodeKind, opened } from "./diagram.js";
import { type Box, LINE_HEIGHT, layoutOf, NAME_SIZE, PADDING, TEXT_SIZE, textLines } from "./layout.js";

/** The stripe at a box's left edge. */
const STRIPES: Readonly<Record<NodeKind, string>> = {
  input: COLORS.muted,
  convolution: COLORS.series[0],
  pooling: COLORS.series[2],
  dense: COLORS.series[3],
  pointwise: COLORS.line,
  merge: COLORS.series[1],
  model: COLORS.ink,
  other: COLORS.line,
};

const round = (value: number): string => String(Math.round(value * 10) / 10);

function drawBox(node: DiagramNode, { x, y, width, height }: Box): string {
  const left = x + PADDING + 6;
  const lines = textLines(node).map((line, i) => {
    const shape = i === node.details.length + 1;
    const fill = shape ? COLORS.ink : COLORS.muted;
    const baseline = y + PADDING + LINE_HEIGHT * (i + 2) - 4;
    return `<text x="${round(left)}" y="${round(baseline)}" font-size="${TEXT_SIZE}" fill="${fill}">${escapeHtml(line)}</text>`;
  });
  return [
    `<g><title>${escapeHtml(`${node.name} (${node.type})`)}</title>`,
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="5" fill="${COLORS.page}" stroke="${COLORS.line}"/>`,
    `<rect x="${round(x)}" y="${round(y)}" width="5" height="${round(height)}" rx="2.5" fill="${STRIPES[node.kind]}"/>`,
    `<text x="${round(left)}" y="${round(y + PADDING + LINE_HEIGHT - 4)}" font-size="${NAME_SIZE}" font-weight="600" fill="${COLORS.ink}">${escapeHtml(node.name)}</text>`,
    ...lines,
    "</g>",
  ].join("");
}

function drawFrame(title: string, { x, y, width, height }: Box): string {
  return (
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="8" fill="${COLORS.soft}" stroke="${COLORS.line}"/>` +
    `<text x="${round(x + 8)}" y="${round(y + 14)}" font-size="${TEXT_SIZE}" font-weight="600" fill="${COLORS.muted}">${escapeHtml(title)}</text>`
  );
}

/** The diagram as a picture. Nested models that carry their layers are drawn open. */
export function diagramSvg(diagram: Diagram, direction: "down" | "right" = "down"): string {
  const open = opened(diagram);
  const { width, height, boxes, frames, arrows } = layoutOf(open, direction);
  const paths = arrows.map((points) => {
    const d = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
    return `<path d="${d}" fill="none" stroke="${COLORS.muted}" stroke-linejoin="round" marker-end="url(#arrow)"/>`;
  });
  // Outer frames first, so that inner ones lie on top.
  const outermost = [...frames].sort(([a], [b]) => a.split("/").length - b.split("/").length);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeHtml(diagram.name)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Noto Sans', 'Noto Sans CJK SC', Arial, sans-serif">`,
    `<title>${escapeHtml(diagram.name)}</title>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.8L8 4L0 7.2z" fill="${COLORS.muted}"/></marker></defs>`,
    `<rect width="${width}" height="${height}" fill="${COLORS.page}"/>`,
    ...outermost.map(([id, box]) => drawFrame(open.frames.get(id)!, box)),
    ...paths,
    ...open.nodes.map(({ node }) => drawBox(node, boxes.get(node.id)!)),
    "</svg>\n",
  ].join("\n");
}

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** The diagram in Graphviz's language. */
export function diagramDot(diagram: Diagram, direction: "down" | "right" = "down"): string {
  const { nodes, edges, frames } = opened(diagram);
  const label = (node: DiagramNode): string =>
    quoted([node.name, ...textLines(node)].join("\n")).replaceAll("\n", "\\n");
  const inside = (frame: string | undefined, indent: string): string[] => [
    ...nodes
      .filter(({ within }) => within.at(-1) === frame)
      .map(({ node }) => `${indent}${quoted(node.id)} [label=${label(node)}];`),
    ...[...frames]
      .filter(([id]) => (id.includes("/") ? id.slice(0, id.lastIndexOf("/")) : undefined) === frame)
      .flatMap(([id, title]) => [
        `${indent}subgraph ${quoted(`cluster_${id}`)} {`,
        `${indent}  label=${quoted(title)};`,
        ...inside(id, `${indent}  `),
        `${indent}}`,
      ]),
  ];
  return [
    `digraph ${quoted(diagram.name)} {`,
    `  rankdir=${direction === "down" ? "TB" : "LR"};`,
    "  node [shape=box];",
    ...inside(undefined, "  "),
    ...edges.map(([from, to]) => `  ${quoted(from)} -> ${quoted(to)};`),
    "}\n",
  ].join("\n");
}
