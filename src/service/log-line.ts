// Lines of a service's log, which programs read.

/** A line of a log: plain data. */
export type LogLine = Readonly<Record<string, string | number | boolean>>;
