// A process that starts a hook and follows it, to be killed meanwhile. Arguments: workspace folder, home, script.
import { callHook, connectHooks, shellHook } from './hooksFixture.ts';

const [folder, home, script] = process.argv.slice(2);
await callHook(connectHooks(folder!, home!).hooks, shellHook(script!)).outcome;
