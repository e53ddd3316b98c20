/** The folder of the browser's private file system where the Studio keeps its files. */
export const HOME = "studio";
