// Few threads in a process of tests: starting one takes longer than most tests do. Imported before all else.
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import threads from "node:worker_threads";

/** Entry of the thread that reads one HDF5 file. */
const HDF5_WORKER = /hdf5-worker\.js$/;

// A thread loads a library of 4 MB for each model that is opened. Where no thread can be had, models are read in the process itself.
// test/formats, test/faults and commands in processes of their own have the thread.
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(...[url, options]: ConstructorParameters<typeof Worker>) {
    if (HDF5_WORKER.test(String(url))) throw new Error("no thread for HDF5 files here");
    super(url, options);
  }
};
// Test files run side by side, one a core: a second thread takes from the others what it gives. Tests of threads say how many.
os.availableParallelism = () => 1;
syncBuiltinESMExports();
