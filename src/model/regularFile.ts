// Reads a file that someone else may have written: only a regular one of bounded size, and no link out of its folder.

/** The needed part of `node:fs`; pure folders do not import it. */
export interface FileSystem {
  realpathSync(path: string): string;
  openSync(path: string, flags: number): number;
  fstatSync(file: number): { isFile(): boolean; isDirectory(): boolean; readonly size: number };
  readSync(file: number, buffer: Uint8Array, offset: number, length: number, position: null): number;
  closeSync(file: number): void;
  readonly constants: { readonly O_RDONLY: number; readonly O_NOFOLLOW?: number; readonly O_NONBLOCK?: number };
}

/** `mistake` completes a sentence that begins with the name of the file. */
export type RegularFile = { readonly bytes: Uint8Array } | { readonly mistake: string; readonly isMissing?: true };

/** Both paths are absolute; without a folder, the file may be anywhere. */
export function readRegularFile(files: FileSystem, path: string, largestBytes: number, folder?: string): RegularFile {
  let opened: number | undefined;
  try {
    const real = files.realpathSync(path);
    if (folder !== undefined && !liesIn(real, files.realpathSync(folder)))
      return { mistake: 'is a link that leads out of the workspace folder' };
    // The path has no link now and must not have got one since; opening does not wait for the other end of a pipe.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = files.constants;
    opened = files.openSync(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const status = files.fstatSync(opened);
    if (status.isDirectory()) return { mistake: 'is a folder, not a file' };
    if (!status.isFile()) return { mistake: 'is not a regular file' };
    const bytes = status.size > largestBytes ? undefined : readAll(files, opened, status.size, largestBytes);
    return bytes ? { bytes } : { mistake: `is larger than ${describeSize(largestBytes)}` };
  } catch (error) {
    const code = String((error as { code?: unknown } | null)?.code);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { mistake: 'does not exist', isMissing: true };
    return { mistake: `cannot be read (${code})` };
  } finally {
    if (opened !== undefined) files.closeSync(opened);
  }
}

/** A file that grows in the meantime is not read beyond the limit: the result is undefined then. */
function readAll(files: FileSystem, opened: number, size: number, largestBytes: number): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(Math.min(1_048_576, Math.max(size + 1, 4_096)));
    const read = files.readSync(opened, chunk, 0, chunk.length, null);
    if (read === 0) break;
    total += read;
    if (total > largestBytes) return undefined;
    chunks.push(chunk.subarray(0, read));
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function liesIn(path: string, folder: string): boolean {
  const end = folder.at(-1);
  const separator = folder.includes('\\') ? '\\' : '/';
  return path.startsWith(end === separator ? folder : folder + separator);
}

function describeSize(bytes: number): string {
  return bytes >= 1_048_576 ? `${Math.floor(bytes / 1_048_576)} MB` : `${Math.floor(bytes / 1_000)} kB`;
}
