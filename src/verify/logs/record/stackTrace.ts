// What a stack trace says, whatever build wrote it: exception types and frames without line numbers and generated
// names.

export interface StackTrace {
  /** Exception types, the outermost first. */
  readonly types: readonly string[];
  /** `module.function`, the innermost first; code of the application alone where there is any. */
  readonly frames: readonly string[];
}

const mostLines = 400,
  mostFrames = 10,
  mostTypes = 6,
  longestLine = 400;

/** Whether a line may be a frame; whether one of Go is, only its next line says. */
export function mayBeFrame(line: string): boolean {
  return frameOf(line) !== undefined || goFrame(line.trim()) !== undefined;
}

/** Whether one of the lines is a frame. */
export function hasFrame(lines: readonly string[]): boolean {
  const read = linesToRead(lines);
  return read.some((_, i) => frameAt(read, i) !== undefined);
}

/** The trace in the lines of one record, undefined where there is none. Lines may bear prefixes. */
export function readStackTrace(lines: readonly string[]): StackTrace | undefined {
  const read = linesToRead(lines),
    found = read.map((_, i) => frameAt(read, i));
  // Most records of several lines hold no trace, and the types are the costly part.
  if (!found.some(frame => frame !== undefined)) return undefined;
  const types: string[] = [],
    frames: string[] = [];
  let sawPython = false;
  read.forEach((line, i) => {
    const frame = found[i];
    if (frame) {
      sawPython ||= frame.python;
      if (frames[frames.length - 1] !== frame.name) frames.push(frame.name);
    }
    const type = frame ? rubyThrown.exec(line)?.[1] : typeOf(line);
    if (type && (frame || types[types.length - 1] !== type) && types.length < mostTypes) types.push(type);
  });
  if (sawPython) {
    frames.reverse();
    types.reverse();
  }
  const own = frames.filter(frame => !isForeign(frame));
  return { types, frames: withoutRepeats(own.length > 0 ? own : frames).slice(0, mostFrames) };
}

function linesToRead(lines: readonly string[]): readonly string[] {
  return lines.slice(0, mostLines).map(line => (line.length > longestLine ? line.slice(0, longestLine) : line));
}

function frameAt(lines: readonly string[], index: number): Frame | undefined {
  const line = lines[index]!;
  return frameOf(line) ?? (lines[index + 1]?.includes('.go:') ? goFrame(line.trim()) : undefined);
}

interface Frame {
  readonly name: string;
  readonly python: boolean;
}

/** Recursion shows a frame many times; once says as much. */
function withoutRepeats(frames: readonly string[]): string[] {
  return [...new Set(frames)];
}

/** `/srv/a.rb:12:in `take'`, and the first one with what was thrown: `: seat 7 is gone (SeatError)`. */
const rubyFrame = /^(?:from )?\S{1,300}\.rb:\d+:in [`'](.{1,200}?)'(?::|$)/,
  rubyThrown = /\.rb:\d+:in .{1,400}\((\p{Lu}[\w:]*)\)$/u;

function frameOf(line: string): Frame | undefined {
  const file = line.indexOf('File "');
  if (file >= 0) return pythonFrame(line, file + 6);
  const trimmed = line.trimStart();
  const at = trimmed.startsWith('at ') ? trimmed.slice(3) : undefined;
  // Rust names the file of a frame on a line of its own.
  if (at !== undefined) return /^\S+\.rs:\d/.test(at) ? undefined : { name: normalizeName(callOf(at)), python: false };
  const native = nativeFrame(trimmed);
  if (native) return { name: normalizeName(native), python: false };
  const php = /^#\d+ .*?: (.*)\(/.exec(trimmed);
  if (php) return { name: normalizeName(php[1]!), python: false };
  const ruby = rubyFrame.exec(trimmed);
  if (ruby) return { name: normalizeName(ruby[1]!), python: false };
  return undefined;
}

/**
 * `12: core::panicking::panic`, `#0 0x4f2a in main /src/a.c:5:3`, `#1  main () at a.c:5`, `/lib/a.so(_ZN3fooEv+0x1a)
 * [0x7f]`, ` __do_sys+0x5d/0x90`, `(shop 0.1.0) lib/shop/cart.ex:41: Shop.Cart.sum/1`,
 * `{shop_cart,sum,1,[{file,"src/shop_cart.erl"}`, `#0      main (file:///a.dart:5:3)`.
 */
function nativeFrame(text: string): string | undefined {
  switch (text[0]) {
    case '#':
      return /^#\d+\s+(?:0x[0-9a-f]+ in )?([\w.:~<>$*&,]+)(?=\s*\(| |$)(?!.*\.php)/.exec(text)?.[1];
    case '(':
      return /^\([\w .-]{1,80}\) \S+?\.(?:ex|exs|erl):\d+: (\S+)/.exec(text)?.[1];
    case '{':
      return /^\{(\w+,[\w\/-]+),\d+,\[\{file,/.exec(text)?.[1];
    case '/':
      return /^\/\S{1,200}\(([\w.:~<>$]+)\+0x[0-9a-f]+\) ?\[0x/.exec(text)?.[1];
    default:
      return (
        /^\d+:\s+(?:0x[0-9a-f]+ - )?([\w<][^ ]*::.*|\w+)$/.exec(text)?.[1]?.replace(/::h[0-9a-f]{16}$/, '') ??
        /^(?:\? )?([\w.]+)\+0x[0-9a-f]+\/0x[0-9a-f]+/.exec(text)?.[1] ??
        /^\S+\.(?:ex|exs|erl):\d+: (\S+\/\d+)/.exec(text)?.[1]
      );
  }
}

/** `main.(*server).handle(0xc000010000, ...)`; its file stands on the next line. */
function goFrame(line: string): Frame | undefined {
  const open = line.lastIndexOf('(');
  return open > 0 && line.endsWith(')') && !line.slice(0, open).includes(' ')
    ? { name: normalizeName(line.slice(0, open)), python: false }
    : undefined;
}

function pythonFrame(line: string, from: number): Frame | undefined {
  const end = line.indexOf('"', from),
    inside = line.lastIndexOf(', in ');
  if (end < 0) return undefined;
  const path = line.slice(from, end);
  const module = path
    .replace(/^.*(?:site-packages|dist-packages|lib\/python[\d.]+)\//, '')
    .replace(/\.pyc?$/, '')
    .replaceAll('/', '.');
  const name = inside > end ? line.slice(inside + 5).trim() : '<module>';
  return { name: normalizeName(`${module.replace(/^\.+/, '')}.${name}`), python: true };
}

/** `pkg.Class.method(File.java:12)`, `fn (file.js:1:2)`, `Name.Space.Method(args) in file:line 3`. */
function callOf(text: string): string {
  const open = text.indexOf('(');
  const name = (open > 0 ? text.slice(0, open) : text.split(' ')[0]!).trim();
  const inside =
    open > 0 ? text.slice(open + 1, text.indexOf(')', open) > 0 ? text.indexOf(')', open) : undefined) : '';
  const isScript = /\.[cm]?[jt]sx?:\d+/.test(inside) || /\.[cm]?[jt]sx?:\d+/.test(name) || inside.startsWith('node:');
  if (!isScript) return name.slice(name.lastIndexOf('/') + 1);
  const file = (inside || name).replace(/(?::\d+)+$/, '');
  const base = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  const folder = file.includes('node_modules') || file.startsWith('node:') ? 'node_modules/' : '';
  return `${folder}${base}:${open > 0 ? name : ''}`;
}

/** Names that a build or a run makes up lose what was made up. */
function normalizeName(name: string): string {
  return name
    .slice(0, 160)
    .replaceAll(/\$\$(?:Enhancer|FastClass)?By\w+\$\$[0-9a-f]*/gi, '$$$$')
    .replaceAll(/\$\$Lambda(?:\$\d+)?(?:\/0x[0-9a-f]+|\/\d+)?(?:@[0-9a-f]+)?/g, '$$$$Lambda')
    .replaceAll(/\$\$SpringCGLIB\$\$\d*/g, '$$$$')
    .replaceAll(/lambda\$(\w+?)\$\d+/g, 'lambda$$$1')
    .replaceAll(/(GeneratedMethodAccessor|GeneratedConstructorAccessor|\$Proxy|DelegatingMethodAccessorImpl)\d*/g, '$1')
    .replaceAll(/\d+/g, '');
}

const exceptionAtStart =
  /^(?:[\w ]{0,40}?(?:Caused by|Suppressed|nested exception is|Exception in thread "[^"]*"|Unhandled exception\.?):?\s+)?((?:[\p{L}\p{N}_$]+[.:]{1,2})*\p{Lu}[\p{L}\p{N}_$]*(?:Exception|Error|Throwable|Failure|Fault|Interrupt|Exit|Warning|NotFound|Timeout|Refused|Denied)|Exception(?=:|\s*$)|Error(?=:|\s*$))/u;
const exceptionAlone =
  /(?:^|\s)((?:[\p{L}\p{N}_$]+[.\\])+\p{Lu}[\p{L}\p{N}_$]*(?:Exception|Error)|\p{Lu}[\p{L}\p{N}_$]*(?:Exception|Error))(?=:|\s|$|\()/u;

/** Whether a line begins with the name of an exception, as the last words of a process that nobody caught do. */
export function beginsWithException(line: string): boolean {
  const [whole = '', name = ''] = exceptionAtStart.exec(line) ?? [];
  const after = line[whole.length];
  return name !== '' && name !== 'Error' && (after === undefined || after === ':') ? true : /^Error: \S/.test(line);
}

function typeOf(line: string): string | undefined {
  const text = line.trim();
  const erlang = /^\*\* \((?:EXIT|([\w.]+))\b/.exec(text)?.[1];
  if (erlang) return erlang;
  const sanitizer = /^==\d+==\s*ERROR: (\w+: [\w-]+)/.exec(text)?.[1];
  if (sanitizer) return sanitizer;
  const thrown = /terminate called after throwing an instance of '([^']{1,100})'/.exec(text)?.[1];
  if (thrown) return thrown;
  const found =
    exceptionAtStart.exec(text) ??
    (/^(?:panic|fatal error):|^thread '[^']{0,100}' (?:\(\d+\) )?panicked at /.test(text)
      ? ['', 'panic']
      : exceptionAlone.exec(text.slice(0, 300)));
  return found?.[1] ? normalizeName(found[1]) : undefined;
}

const foreign = [
  'java.',
  'javax.',
  'jakarta.',
  'sun.',
  'jdk.',
  'com.sun.',
  'org.springframework.',
  'org.apache.',
  'io.netty.',
  'org.eclipse.jetty.',
  'org.hibernate.',
  'com.fasterxml.',
  'reactor.',
  'io.undertow.',
  'kotlin.',
  'kotlinx.',
  'scala.',
  'akka.',
  'com.zaxxer.',
  'org.jboss.',
  'io.grpc.',
  'com.google.',
  'System.',
  'Microsoft.',
  'node_modules/',
  'runtime.',
  'net/http.',
  'testing.',
  'threading.',
  'concurrent.',
  'asyncio.',
  'six.',
  'core::',
  'std::',
  'alloc::',
  '<core::',
  '<std::',
  '<alloc::',
  'tokio::',
  'rust_',
  '__rust',
  '__libc_',
  '_start',
];

function isForeign(frame: string): boolean {
  return foreign.some(prefix => frame.startsWith(prefix));
}
