// Total tables over tagged unions: a function for each kind, so that a new kind is a line that the compiler asks for.

/** A function for each kind of a tagged union. */
export type ByKind<U extends { readonly kind: string }, R, A extends readonly unknown[] = []> = {
  readonly [K in U["kind"]]: (value: Extract<U, { readonly kind: K }>, ...others: A) => R;
};

/**
 * Calls the function that a total table has for a value's kind.
 * @param table a function for each kind
 * @param value of one of the kinds
 * @param others further arguments of the function
 * @example
 * const areas = { square: ({ side }) => side ** 2, line: () => 0 };
 * byKind(areas, { kind: "square", side: 3 }); // 9
 */
export const byKind = <U extends { readonly kind: string }, R, A extends readonly unknown[]>(
  table: ByKind<U, R, A>,
  value: U,
  ...others: A
): R => (table as unknown as Record<string, (value: U, ...others: A) => R>)[value.kind]!(value, ...others);
