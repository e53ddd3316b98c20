// Look-ups by a name that comes from data: a column, a parameter, a layer of a file. An object answers such names with what
// every object inherits ("constructor", "toString"), and takes "__proto__" for its prototype; these functions see own
// properties only.

/** The object's own property of that name; undefined where it has none, whatever it inherits. */
export const ownValue = <T>(object: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Sets an own property, also one called "__proto__", which an assignment would take for the prototype. */
export function put<T>(object: Record<string, T>, name: string, value: T): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else object[name] = value;
}

/** The own properties of several objects in one, a later one's in place of an earlier one's of the same name. */
export const joined = <T>(objects: Iterable<Readonly<Record<string, T>>>): Record<string, T> => {
  const all: Record<string, T> = {};
  for (const object of objects) for (const [name, value] of Object.entries(object)) put(all, name, value);
  return all;
};
