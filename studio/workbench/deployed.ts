// A run's model as somebody is given it: a page in one file, or a folder as a zip.
import { zipSync } from "fflate";
import { FoveaError } from "fovea";
import { DEPLOY_FORMS, deploy } from "fovea/experiment";
import type { FileContent } from "../contract/files.js";

/** @throws FoveaError for a form that is none, and as `deploy` does */
export async function deployed(path: string, run: string, form: string): Promise<FileContent> {
  const known = DEPLOY_FORMS.find((name) => name === form);
  if (known === undefined)
    throw new FoveaError("unknown-choice", `there is no form ${form}; expected ${DEPLOY_FORMS.join(", ")}`);
  const { files } = await deploy(path, known);
  const page = files.get("");
  if (page !== undefined) return { bytes: page, type: "text/html", name: `${run}.html` };
  const folder = `${run}-${known}`;
  const named = Object.fromEntries([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  return { bytes: zipSync(named, { level: 0 }), type: "application/zip", name: `${folder}.zip` };
}
