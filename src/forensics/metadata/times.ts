// Times in the metadata of a file, against each other and against the file's own.
import type { Method } from "../record/method.js";

export const times: Method = {
  name: "times",
  title: "Times",
  kind: "metadata",
  measures: "whether the times that the file states fit together, and fit the time at which the file was written",
  limits:
    "Clocks of cameras are set by hand, and any program can write any time; a file without times is no sign of forgery",
  source: "CIPA DC-008, Exif 2.32 (DateTimeOriginal, DateTimeDigitized, DateTime, GPSDateStamp)",
  appliesTo: "all",
  run: () => ({ finding: "unable", sentence: "The file states no times." }),
};
