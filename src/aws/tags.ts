/** ECS writes tags as a list of lower-case `key` and `value`. */
export function toEcsTags(
  tags: Readonly<Record<string, string>>,
): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

export function fromEcsTags(
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[],
): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key ?? '', value ?? '']));
}
