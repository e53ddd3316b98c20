// Options that may be absent, passed on: in this project's types "absent" is not the same as "undefined".

/** The fields that are not undefined. @example loadImages(path, { height, ...defined({ threads }) }) */
export const defined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
