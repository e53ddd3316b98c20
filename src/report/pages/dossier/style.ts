// Style of dossiers: the pages' own style sheet goes before it.
import { RADIUS } from "../../charts/tokens.js";
import { RAMP_CSS } from "./overlay.js";

export const DOSSIER_STYLE = `
.conclusion { display: grid; grid-template-columns: minmax(0, 300px) minmax(0, 1fr); gap: 28px; align-items: start; margin: 0 0 8px; }
.conclusion { --most: 300px; }
.conclusion .no-picture { padding: 28px 18px; background: var(--soft); border-radius: ${RADIUS}px; color: var(--muted); font-size: 13px; }
.conclusion h3 { margin: 0 0 6px; font-size: 21px; line-height: 1.3; letter-spacing: -0.008em; }
.conclusion .facts { columns: 1; margin: 14px 0 0; }
.told { margin: 14px 0 0; padding: 0 0 0 18px; max-width: 76ch; }
.told li { margin: 0 0 6px; }
.finding { display: inline-block; padding: 1px 8px; border: 1px solid var(--line); border-radius: 999px; color: var(--muted);
  font-size: 12px; font-weight: 500; letter-spacing: 0; vertical-align: 2px; white-space: nowrap; }
.finding.contradicts { border-color: var(--wrong); color: var(--wrong); }
.finding.verifies, .finding.supports { border-color: var(--right); color: var(--right); }
.finding.notable { border-color: var(--ink); color: var(--ink); }
.method { padding: 22px 0 20px; border-top: 1px solid var(--line); }
.method h4 { margin: 0 0 8px; font-size: 15px; font-weight: 650; }
.method .scroll { margin: 0 0 14px; }
.method td:first-child { color: var(--muted); white-space: nowrap; }
.method td { overflow-wrap: anywhere; }
.method .about { margin: 0; color: var(--muted); font-size: 13px; max-width: 92ch; }
.method .about div { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 12px; }
.method .about dd { margin: 0; overflow-wrap: anywhere; }
.mapped { display: grid; grid-template-columns: minmax(0, 11fr) minmax(0, 10fr); gap: 4px 32px; align-items: start; }
.overlay { --most: 520px; margin: 4px 0 16px; max-width: 640px; }
.layers { position: relative; max-width: 100%; border-radius: 3px; }
.layers .map { position: absolute; inset: 0; width: 100%; height: 100%; opacity: var(--opacity, 0.6); }
.layers .map.alone { position: static; width: auto; height: auto; min-width: 240px; max-width: 100%; opacity: 1; }
.overlay svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.overlay rect { fill: none; stroke: #ff4d00; stroke-width: 2; vector-effect: non-scaling-stroke; }
.overlay text { fill: #fff; stroke: #000; stroke-width: 3; vector-effect: non-scaling-stroke; paint-order: stroke; }
.overlay figcaption, .further figcaption { margin: 8px 0 0; font-size: 13px; color: var(--muted); }
.legend { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 6px 0; font-size: 13px; }
.legend .ramp { flex: 0 1 160px; height: 10px; border-radius: 2px; background: ${RAMP_CSS}; }
.opacity { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; color: var(--ink); }
.opacity input { flex: 0 1 200px; min-height: 24px; accent-color: var(--right); }
.opacity output { min-width: 44px; font-variant-numeric: tabular-nums; }
.further { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 16px; margin: 0 0 16px; }
.further img { display: block; width: 100%; border-radius: 3px; }
@media screen and (max-width: 860px) {
  .conclusion { grid-template-columns: minmax(0, 1fr); gap: 16px; }
  .mapped { grid-template-columns: minmax(0, 1fr); }
}
@media screen and (max-width: 600px) {
  .method .about div { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .method .about dt { margin-top: 6px; font-weight: 600; }
}
@media print {
  .opacity input { display: none; }
  .mapped { gap: 0 20px; }
  .mapped { display: grid; grid-template-columns: minmax(0, 11fr) minmax(0, 10fr); gap: 4px 32px; align-items: start; }
.overlay { --most: 300px; max-width: 420px; }
  .conclusion { --most: 220px; }
  .method, .conclusion { break-inside: avoid-page; }
  .method h4 { break-after: avoid; }
  .image { break-before: page; }
}
`;
