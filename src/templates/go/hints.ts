export const COMMENT_HINT = 'A comment fills its action, as in {{/* comment */}}.';

export const NAME_HINT =
  'Put a name that has other signs than letters, digits and _ into brackets, as in {{.Artifact.Tags.[git-branch]}}.';

export const ACTION_HINT = 'An action looks like {{.Artifact.Value}} or {{printf "%s" .Region}}.';

/** Signs that begin something in Handlebars or that are left over, and what to write instead. */
const HINTS_BY_SIGN: Readonly<Record<string, string>> = {
  '#': 'Blocks are written as in Go: {{if .Name}}...{{end}}, {{range ...}}...{{end}}.',
  '^': 'Blocks are written as in Go: {{if .Name}}...{{else}}...{{end}}.',
  '/': 'A block ends with {{end}}; a comment fills its action, as in {{/* comment */}}.',
  '!': 'A comment is written as in Go: {{/* comment */}}.',
  '~': 'White space is trimmed as in Go: {{- .Name -}}.',
  '{': 'Nothing is escaped: two braces are enough, as in {{.Name}}.',
  '&': 'Nothing is escaped: write {{.Name}}.',
  '>': 'There are no partial templates. Values are compared as in {{gt 2 1}}.',
  '@': 'The outermost values are found under $, as in {{$.Name}}.',
  '"': 'Close the string before the action ends; a line break in it is written as \\n.',
  "'": 'One character stands between single quotes; strings stand between double ones.',
  '`': 'Close the string with another `.',
};

/** What to write instead of this sign. */
export function hintFor(sign: string): string {
  return HINTS_BY_SIGN[sign] ?? ACTION_HINT;
}
