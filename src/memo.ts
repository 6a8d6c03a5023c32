/** The same function, asked once for each key: a promise that it gave is given to all, settled or not. */
export function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

/** The same function, run at its first call only. */
export function once<T>(make: () => T): () => T {
  const made = memo(make);
  return () => made('');
}
