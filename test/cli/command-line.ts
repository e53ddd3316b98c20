// Messages between a test file and its host of commands.

export interface CommandLine {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** End of the output of a command, on stdout and on stderr: its exit code between two zero characters. */
export const END = /\0(\d+)\0$/;
