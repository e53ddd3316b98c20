// Help: the manual, the keys, and what proves that nothing leaves the machine.
import { isLocal } from "../host/index.js";

export function Help() {
  return (
    <div class="stack">
      <h1>Help and keys</h1>
      <p>
        {isLocal ? (
          <>
            <a href="./manual/index.html" target="_blank" rel="noopener">
              The manual
            </a>{" "}
            opens beside the Studio: first steps, the lecture in chapters, a page a task, and messages with their
            causes.
          </>
        ) : (
          <>
            <code>fovea docs</code> opens the manual: first steps, the lecture in chapters, a page a task, and messages
            with their causes.
          </>
        )}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">In the grid of images</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map(([key, what]) => (
            <tr>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Nothing leaves this machine: the page may connect to the address it came from and to no other, which its browser
        enforces (Content-Security-Policy <code>connect-src 'self'</code>) and a test of the project proves.
      </p>
    </div>
  );
}

const KEYS = [
  ["arrows", "go from image to image"],
  ["page up, page down, home, end", "go further"],
  ["enter", "look at the image"],
  ["space", "select or deselect"],
  ["shift + arrows, shift + click", "extend the selection"],
  ["ctrl + a, escape", "select all or none"],
  ["1 to 9", "give the selected images the class of that number"],
  ["l", "name the class of the selected images, which may be a new one"],
  ["x", "leave the selected images out"],
  ["z", "take back the last change"],
  ["/", "search"],
] as const;
