// HTML by template: everything put into a template is escaped unless it is HTML that a template made.
// So a class or file name, which anybody may have chosen, can never become markup.
import { printable } from "../../core/text.js";

/** Markup that may go into a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = string | number | Html | undefined | false | readonly Content[];

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it must stand in HTML and SVG. */
export const escapeHtml = (text: string): string =>
  printable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);

/**
 * Template tag; lists are joined, `undefined` and `false` leave nothing.
 * @example html`<td>${"<b>"}</td>`.text // "<td>&lt;b&gt;</td>"
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.reduce((text, part, i) => text + markup(values[i - 1]) + part));
}

function markup(value: Content): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(markup).join("");
  return value === undefined || value === false ? "" : escapeHtml(String(value));
}

/** Text with a capital letter first. */
export const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
