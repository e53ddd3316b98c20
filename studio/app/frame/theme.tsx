// Light or dark: as the system has it, unless somebody says otherwise.
import { signal } from "@preact/signals";
import { kept } from "./kept.ts";

type Theme = "light" | "dark";
const chosen = signal<Theme | undefined>(kept.read("theme") as Theme | undefined);

function apply(theme: Theme | undefined): void {
  if (theme === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
apply(chosen.value);

const isDark = (): boolean =>
  (chosen.value ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

export function ThemeButton() {
  const switchTheme = (): void => {
    const theme = isDark() ? "light" : "dark";
    chosen.value = theme;
    kept.write("theme", theme);
    apply(theme);
  };
  const title = isDark() ? "Light colours" : "Dark colours";
  return (
    <button type="button" title={title} aria-label={title} onClick={switchTheme}>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M9 2a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
