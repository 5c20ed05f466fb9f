// How a text is written in NRQL, by the definitions that make conditions of names and by the queries.

/** A text as NRQL takes it. */
export function quoteNrql(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
