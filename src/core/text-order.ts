// Order of texts, the same in every language and on every system: by code points.

/**
 * Compares by Unicode code points, as Python sorts text. JavaScript's own `<` compares UTF-16 units, which puts
 * characters beyond U+FFFF (rare Chinese characters, emoji) before U+E000 to U+FFFF.
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const surrogateX = x >= 0xd800 && x <= 0xdfff;
    const surrogateY = y >= 0xd800 && y <= 0xdfff;
    return surrogateX === surrogateY ? x - y : surrogateX ? 1 : -1;
  }
  return a.length - b.length;
}
