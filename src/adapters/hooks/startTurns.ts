// Starting a process or a request blocks the thread for some milliseconds. If many start together, each gets its own
// turn of the event loop.
let latest: Promise<void> = Promise.resolve();

export function turnToStart(): Promise<void> {
  return (latest = latest.then(
    () =>
      new Promise(resolve => {
        setImmediate(resolve);
      }),
  ));
}
