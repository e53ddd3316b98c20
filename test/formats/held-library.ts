// The HDF5 library, held by a process of tests: the thread of each file that is read need not compile what its process has compiled,
// which takes half of the time.
import { hdf5Library } from "../../src/formats/containers/hdf5/library.js";

await hdf5Library();
