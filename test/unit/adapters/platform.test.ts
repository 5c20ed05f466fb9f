// Each branch of what differs between platforms, on whatever platform this runs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  filesAreExecutable,
  groupOf,
  inOwnGroup,
  isGroupAlive,
  processExists,
  processStart,
  shellCall,
  stateFolder,
  stopGroup,
} from '../../../src/adapters/platform.ts';

const isWindows = process.platform === 'win32';
/** No process ever has it: it is above what any of the platforms gives. */
const nobody = 2 ** 30;

test('the shell is /bin/sh, and on Windows the command processor, which quotes by itself', () => {
  const unix = { file: '/bin/sh', args: ['-c', 'echo "a b"'], windowsVerbatimArguments: false };
  const windows = { file: 'cmd.exe', args: ['/d', '/s', '/c', '"echo "a b""'], windowsVerbatimArguments: true };
  assert.deepEqual(shellCall('echo "a b"', {}, 'linux'), unix);
  assert.deepEqual(shellCall('echo "a b"', {}, 'darwin'), unix);
  assert.deepEqual(shellCall('echo "a b"', {}, 'win32'), windows);
  assert.deepEqual(shellCall('echo "a b"', { ComSpec: 'D:\\cmd.exe' }, 'win32'), { ...windows, file: 'D:\\cmd.exe' });
});

test('a process leads a group of its own, and on Windows a tree', () => {
  const facts = (platform: NodeJS.Platform) => [inOwnGroup(platform).detached, groupOf(12, platform)];
  assert.deepEqual(
    [facts('linux'), facts('darwin'), facts('win32')],
    [
      [true, -12],
      [true, -12],
      [false, 12],
    ],
  );
});

test('only on Windows the name of a file says whether it can be run', () => {
  assert.deepEqual((['linux', 'darwin', 'win32'] as const).map(filesAreExecutable), [true, true, false]);
});

test('state lies where the platform wants it', () => {
  assert.equal(stateFolder({}, '/home/ann', 'linux'), '/home/ann/.local/state/backstop');
  assert.equal(stateFolder({ XDG_STATE_HOME: '/state' }, '/home/ann', 'linux'), '/state/backstop');
  assert.equal(stateFolder({ XDG_STATE_HOME: 'state' }, '/home/ann', 'freebsd'), '/home/ann/.local/state/backstop');
  assert.equal(stateFolder({}, '/Users/ann', 'darwin'), '/Users/ann/Library/Application Support/Backstop');
  assert.equal(stateFolder({}, 'C:\\Users\\ann', 'win32'), 'C:\\Users\\ann\\AppData\\Local\\Backstop');
  assert.equal(stateFolder({ LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\ann', 'win32'), 'D:\\Local\\Backstop');
});

test('on Windows a tree is ended by taskkill; nothing was there if it fails', () => {
  const calls: unknown[] = [];
  assert.equal(
    stopGroup(12, 'SIGTERM', 'win32', (...call) => void calls.push(call)),
    true,
  );
  assert.deepEqual(calls, [['taskkill', ['/pid', '12', '/t', '/f']]]);
  const refuse = (): never => {
    throw new Error('exit status 128');
  };
  assert.equal(stopGroup(12, 'SIGKILL', 'win32', refuse), false);
});

for (const platform of ['linux', 'darwin'] as const)
  test(
    `a group is seen, told from a later one, and ended as on ${platform}`,
    { skip: isWindows || (platform === 'linux' && process.platform !== 'linux') },
    async () => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
        ...inOwnGroup(),
        stdio: 'ignore',
      });
      const pid = child.pid!;
      const start = processStart(pid, platform);
      assert.ok(start);
      assert.equal(processStart(pid, platform), start);
      assert.deepEqual([processExists(pid, platform), isGroupAlive(pid, platform)], [true, true]);
      assert.equal(stopGroup(pid, 'SIGKILL', platform), true);
      await once(child, 'exit');
      assert.deepEqual([processExists(pid, platform), isGroupAlive(pid, platform)], [false, false]);
      assert.equal(stopGroup(pid, 'SIGKILL', platform), false);
    },
  );

test('a process that is not there does not exist and has no start', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    assert.deepEqual([processExists(nobody, platform), processStart(nobody, platform)], [false, undefined]);
});

test('Windows does not say when a process began, and has no group beside the process', () => {
  assert.deepEqual(
    [processStart(process.pid, 'win32'), processExists(process.pid, 'win32'), isGroupAlive(process.pid, 'win32')],
    [undefined, true, true],
  );
});
