// What a line without a header begins: the death of a process as its runtime reports it, an exception, or plain
// trouble.
import { severityOfWords } from '../text/severity.ts';
import { beginsWithException } from './stackTrace.ts';

/**
 * `crash`: what runtimes, shells and kernels write when a process dies; `thrown`: an exception; `trouble`: words of it.
 */
export type Opening = 'crash' | 'thrown' | 'trouble';

/** What a runtime writes, and where that is published. All are looked for at the beginning of a line. */
const crashes: readonly { readonly source: string; readonly begins: RegExp }[] = [
  { source: 'Rust, std::panicking: default hook', begins: /thread '[^']{0,100}' (?:\(\d+\) )?panicked at/ },
  {
    source: 'Go, runtime/panic.go and runtime/signal_unix.go',
    begins: /(?:panic|fatal error|runtime): \S|unexpected fault address|SIG[A-Z]+: /,
  },
  {
    source: 'POSIX shells, strsignal(3)',
    begins:
      /(?:\S{1,100}: line \d+:\s+\d+ )?(?:(?:Segmentation fault|Bus error|Illegal instruction|Floating point exception|Trace\/breakpoint trap|Aborted|Killed|Quit)(?:\s+\(core dumped\).{0,200}|$)|Segmentation fault|Killed {2,}\S)/,
  },
  {
    source: 'OpenJDK HotSpot, vmError.cpp',
    begins: /# (?:A fatal error has been detected|There is insufficient memory)|OpenJDK .{0,60} warning: INFO: os::/,
  },
  {
    source: 'libstdc++ and libc++ terminate, glibc __libc_message, assert(3)',
    begins:
      /terminate called |libc\+\+abi: |\*\*\* .{0,60} detected \*\*\*|(?:double free|corrupted |free\(\): |malloc\(\): |munmap_chunk\(\): )|pure virtual method called|.{0,200}Assertion [`'"].{0,400} failed/,
  },
  {
    source: 'LLVM sanitizers, valgrind',
    begins:
      /==\d+==\s*ERROR: |WARNING: (?:Thread|Memory)Sanitizer: |\S{1,200}:\d+:\d+: runtime error: |==\d+== (?:Invalid |Process terminating)/,
  },
  {
    source: 'V8 and Node.js, api.cc and node_errors.cc',
    begins: /FATAL ERROR: |<--- Last few GCs --->|#\s*Fatal (?:error|JavaScript)/,
  },
  {
    source: 'Linux kernel, Documentation/admin-guide/bug-hunting.rst',
    begins:
      /(?:BUG|Oops|Kernel panic|general protection fault|watchdog: BUG|Unable to handle kernel)\b|-{8,}\[ cut here \]|Out of memory: Kill/,
  },
  {
    source: 'Erlang/OTP and Elixir, logger_formatter and Exception.format_banner',
    begins:
      /=(?:CRASH|ERROR|SUPERVISOR) REPORT=|\*\* \((?:\w+\.)*\w+\) |\*\* \(EXIT|Crash dump is being written|\{"init terminating|eheap_alloc: /,
  },
  { source: 'Ruby, error.c', begins: /\[BUG\] / },
  { source: 'Swift, Dart and PHP runtimes', begins: /(?:PHP )?(?:Fatal|Parse) error: / },
];

/** Of exceptions that nobody caught. */
const uncaught =
  /Traceback \(most recent call last\)|Exception in thread "|(?:Unhandled|Uncaught) (?:[eE]xception|[eE]rror)|Uncaught \S|\d* ?\[?ERROR\]? Uncaught|[\w./-]{1,200}\.rb:\d+:in .{1,200}\(\p{Lu}\w*\)$/u;

const anyCrash = new RegExp(`^(?:${crashes.map(({ begins }) => begins.source).join('|')})`),
  anyUncaught = new RegExp(`^(?:${uncaught.source})`, 'u'),
  longestLooked = 500;

/** What a line that has no header begins, if anything; a line that is indented begins nothing. */
export function openingOf(line: string): Opening | undefined {
  const text = line.length > longestLooked ? line.slice(0, longestLooked) : line;
  if (text === '' || text[0] === ' ' || text[0] === '\t') return undefined;
  if (anyCrash.test(text)) return 'crash';
  if (anyUncaught.test(text) || beginsWithException(text)) return 'thrown';
  const severity = severityOfWords(text);
  return severity === 'error' || severity === 'fatal' ? 'trouble' : undefined;
}
