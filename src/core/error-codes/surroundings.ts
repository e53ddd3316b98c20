// Codes for what lies around the work: the machine, its files, servers and services.
import type { ErrorCodeFacts } from "./facts.js";

export const MACHINE = {
  "out-of-memory-bound": {
    meaning: "The work needs more memory than is allowed or available.",
    cause:
      "The batch, the images or the network are too large for the limit, which is checked before memory is allocated.",
    fix: "Use a smaller batch, smaller images or fewer channels, or raise `--memory`.",
  },
  "too-large": {
    meaning: "A file, an image or a list is larger than the limit.",
    cause: "The limit protects you from files that would need all memory or time.",
    fix: "Split it, make it smaller, or raise the limit where the message names one.",
  },
  "disk-full": {
    meaning: "The disk is full.",
    cause: "There is no free space, or the quota is used up.",
    fix: "Free some space and run the same command again.",
  },
  "unsupported-engine": {
    meaning: "This Node or browser lacks a feature that the work needs.",
    cause: "It is too old, has WebAssembly turned off, or is a browser and so has no disk.",
    fix: "Use a newer version, or follow the message.",
  },
  "worker-failed": {
    meaning: "A thread could not be started, or ended unexpectedly.",
    cause: "The system ran out of memory or threads.",
    fix: "Try fewer threads, and close other programs.",
  },
  "package-missing": {
    meaning: "An optional package is missing, or has an unknown version.",
    cause: "Optional packages are not installed with Fovea.",
    fix: "Install it with the `npm install` that the message shows.",
  },
  "program-failed": {
    meaning: "Your module could not be loaded, or lacks the expected exports.",
    cause: "It has a mistake, is TypeScript for an older Node, or lacks its default export.",
    fix: "Correct the module as the message says.",
  },
  "in-use": {
    meaning: "Another process is using the same run, file or trial.",
    cause: "The other process has not ended yet, or a buffer is still needed.",
    fix: "Wait until it ends, or choose another name.",
  },
  interrupted: {
    meaning: "The work was stopped from outside.",
    cause: "Ctrl-C, a signal, or the stop button.",
    fix: "Run the same command again; the message names the files that were saved.",
  },
  "damaged-installation": {
    meaning: "A file of Fovea itself is missing or damaged.",
    cause: "The package was installed or built only in part.",
    fix: "Install it again, or run `npm run build`.",
  },
  "internal-mistake": {
    meaning: "Fovea has a bug.",
    cause: "An internal check has failed.",
    fix: "Please report it, with the output of `fovea --version --json`.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const FILES = {
  "not-found": {
    meaning: "There is no such file or folder.",
    cause: "The path is misspelt, relative to another folder, or the file was moved.",
    fix: "Give the path of an existing file or folder.",
  },
  "wrong-file-kind": {
    meaning: "A folder was given in place of a file, or a file in place of a folder.",
    cause: "The path is one folder too long or too short, or names a pipe or a device.",
    fix: "Give a file or a folder, as the message says.",
  },
  "file-access": {
    meaning: "The system refuses to read or write a file.",
    cause: "A permission is missing, the disk is read-only, or a link cannot be followed.",
    fix: "Change the permissions, or choose another folder.",
  },
  "already-exists": {
    meaning: "A file or folder with this name exists, and is not overwritten.",
    cause: "An earlier command made it.",
    fix: "Choose another name, or remove the old one first.",
  },
  "file-changed": {
    meaning: "A file has changed since it was recorded or read.",
    cause: "It was edited, truncated or replaced.",
    fix: "Restore the earlier file, or start again.",
  },
  "damaged-file": {
    meaning: "A file is truncated or contradicts itself.",
    cause: "A copy or a download was interrupted, or a program wrote it wrongly.",
    fix: "Get another copy of it.",
  },
  "malformed-file": {
    meaning: "A text file breaks the rules of its format (JSON, YAML, XML, CSV, UTF-8).",
    cause: "A quote, a bracket or a field is missing, or it was saved in another encoding.",
    fix: "Correct the line that the message names.",
  },
  "wrong-field": {
    meaning: "A field of a file is missing or has an impossible value.",
    cause: "The file was edited by hand, or is of another kind or version.",
    fix: "Correct the field that the message names.",
  },
  "unknown-format": {
    meaning: "Fovea does not know the format of a file or folder.",
    cause: "Its content or its file extension does not match a known format.",
    fix: "Give a file in one of the formats that the message names.",
  },
  "unsupported-feature": {
    meaning: "Fovea knows the format, but not this part or version of it.",
    cause: "A newer or rarer program wrote the file.",
    fix: "Save it in the simpler form that the message names.",
  },
  "unsafe-path": {
    meaning: "A path in a file leads out of its folder.",
    cause: "The path contains `..` or begins at the root. Fovea has touched no file outside of the folder.",
    fix: "Rename the entry, or put the file beside the others.",
  },
  "signature-mismatch": {
    meaning: "A signature does not match its text.",
    cause: "The text was changed after it was signed, or another key signed it.",
    fix: "Ask for the original.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const NETWORK = {
  unreachable: {
    meaning: "A server does not answer, or the connection was lost.",
    cause: "There is no connection, or the server is down.",
    fix: "Check the connection and run the same command again.",
  },
  "server-refused": {
    meaning: "A server refused a request, or sent a wrong answer.",
    cause: "The address is wrong, or a permission is missing.",
    fix: "Check the address and the permissions, or try again later.",
  },
  "not-allowed": {
    meaning: "An option has to allow this first.",
    cause: "An address, a folder or a site lies outside of the opened folders.",
    fix: "If you want it, add the option that the message names.",
  },
  unauthorized: {
    meaning: "A request lacks the service's token, or has a wrong one.",
    cause: "The header `Authorization: Bearer TOKEN` is missing.",
    fix: "Send the token that the service was started with.",
  },
  overloaded: {
    meaning: "A service has too much work, or is shutting down.",
    cause: "Too many samples are waiting already.",
    fix: "Try again after the number of seconds in `Retry-After`.",
  },
  "timed-out": {
    meaning: "There was no answer in time.",
    cause: "The request is too large for its deadline, or the caller has disconnected.",
    fix: "Send fewer samples, or allow more time.",
  },
  "port-refused": {
    meaning: "A server cannot listen at a port or an address.",
    cause: "Another program uses it, or the address does not belong to this machine.",
    fix: "Choose another with `--port` or `--host`.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
