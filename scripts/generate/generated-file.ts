/** A file in the repository that is written by `npm run generate` and by nobody else. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly file: string;
  /** The whole text, with its last line break. */
  content(): string;
}
