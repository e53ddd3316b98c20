// Text out of files, made fit to be shown: names may hold what a terminal obeys, what turns the direction of a line,
// halves of characters, or more than anybody can read.

/** Controls, broken surrogates, line separators, and the marks that embed or override the direction of text. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const EACH = new RegExp(UNPRINTABLE, "gu");

/** Text with a replacement character for each that cannot be shown; line breaks and tabs stay. */
export const printable = (text: string): string =>
  text.replace(EACH, (character) => ("\n\r\t".includes(character) ? character : "\ufffd"));

/** Text that stays on its line and commands nothing: for names within tables and sentences. */
export const singleLine = (text: string): string => printable(text.replaceAll(/\s+/g, " "));

/** The most characters of a message: about what a terminal shows at once. */
const LONGEST = 4000;

/** One line: no controls, and the middle of what is too long left out, so that its beginning and its end can be read. */
export function oneLine(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST / 2)} … ${text.slice(text.length - LONGEST / 2)}` : text;
  return printable(cut.replace(/\p{Cc}+/gu, " "));
}
