// Starting a process or a request holds the thread for some milliseconds: of many that start together, one does in each
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
