// Light or dark: as the system has it, unless somebody says otherwise.
import { computed, effect, signal } from "@preact/signals";
import { kept } from "./kept.ts";

type Theme = "light" | "dark";
const system = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(system.matches);
system.addEventListener("change", ({ matches }) => {
  isSystemDark.value = matches;
});
const chosen = signal(kept.read("theme") as Theme | undefined);
const theme = computed((): Theme => chosen.value ?? (isSystemDark.value ? "dark" : "light"));
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function ThemeButton() {
  const other = theme.value === "dark" ? "light" : "dark";
  const switchTheme = (): void => {
    chosen.value = other;
    kept.write("theme", other);
  };
  const title = other === "light" ? "Light colours" : "Dark colours";
  return (
    <button type="button" title={title} aria-label={title} onClick={switchTheme}>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M9 2a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
