// Sends orders to the five servers, twenty a second to each, until it is stopped.
import { argv } from 'node:process';

const first = Number(argv[2]);
const ports = [0, 1, 2, 3, 4].map(at => first + at);
setInterval(() => {
  // A server that restarts does not answer.
  for (const port of ports) fetch(`http://127.0.0.1:${port}/order`).then(response => response.text()).catch(() => {});
}, 50);
