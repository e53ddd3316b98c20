// A button that lets the reader choose files: the browser's own control says nothing that the page does not say.
interface Props {
  readonly title: string;
  /** Types of files, as HTML's `accept`. */
  readonly accept: string;
  /** Default: one file at a time. */
  readonly multiple?: boolean;
  /** Name for those who do not see the title beside its place. Default: the title. */
  readonly label?: string;
  /** Takes each chosen file. */
  readonly onFile?: (file: File) => void;
  /** Takes all of them at once. */
  readonly onFiles?: (files: readonly File[]) => void;
}

export const FileButton = ({ title, accept, multiple = false, label, onFile, onFiles }: Props) => (
  <label class="button">
    {title}
    <input
      class="visually-hidden"
      type="file"
      accept={accept}
      multiple={multiple}
      aria-label={label}
      onChange={({ currentTarget }) => {
        const files = [...(currentTarget.files ?? [])];
        for (const file of files) onFile?.(file);
        onFiles?.(files);
        currentTarget.value = "";
      }}
    />
  </label>
);
