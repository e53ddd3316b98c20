// Hands content to the browser to save, as a click on a link does.

/** Milliseconds after which a saved file's content is let go. */
const LET_GO = 60_000;

export function saveBlob(content: Blob, name: string): string {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LET_GO);
  return name;
}
