// A queue for one reader, which can wait for the next entry.

export interface Queue<T> {
  push(item: T): void;
  next(): Promise<T>;
}

export function createQueue<T>(): Queue<T> {
  const items: T[] = [];
  let wake: (() => void) | undefined;
  return {
    push(item) {
      items.push(item);
      wake?.();
    },
    async next() {
      while (items.length === 0)
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      return items.shift()!;
    },
  };
}
