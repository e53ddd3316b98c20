// Small things that a reader's browser remembers: the theme, whether the code drawer is open, challenges that were solved.
// A browser that keeps nothing is no error.
const PREFIX = "fovea-studio.";

export const kept = {
  read(name: string): string | undefined {
    try {
      return localStorage.getItem(PREFIX + name) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(name: string, value: string): void {
    try {
      localStorage.setItem(PREFIX + name, value);
    } catch {
      // Private windows may refuse; the choice then lasts as long as the page.
    }
  },
};
