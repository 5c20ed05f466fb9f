// Tags as Datadog keeps them, which is not always as a pipeline or a program writes them.

/** In lower case, with underscores instead of other characters than letters, digits and `_-:./`. */
export function storedTag(value: string): string {
  return value.toLowerCase().replaceAll(/[^\p{L}\p{N}_\-:./]/gu, '_');
}

/** Attributes of log lines, which begin with `@`, stay as they were sent. */
export function isTag(name: string): boolean {
  return !name.startsWith('@');
}

/** The node that a value of the tag `name` stands for; undefined: none of them. Without `nodes`, whatever there is. */
export function createTagNames(name: string, nodes: readonly string[]): (value: string) => string | undefined {
  const known = new Set(nodes),
    byTag = new Map(nodes.map(node => [storedTag(node), node]));
  return value => {
    if (known.size === 0 || known.has(value)) return value;
    return isTag(name) ? byTag.get(storedTag(value)) : undefined;
  };
}

/** The value of this tag in a list of `name:value`. */
export function valueOfTag(tags: readonly unknown[], name: string): string | undefined {
  const start = `${storedTag(name)}:`;
  const found = tags.find(tag => typeof tag === 'string' && tag.toLowerCase().startsWith(start)) as string | undefined;
  return found?.slice(start.length);
}
