// The class of code that a logger's name stands for, the same in every build, and the line of code where it says one.
import { copyOf } from '../text/characters.ts';
import { isParameter } from '../template/tokens.ts';

/** What a logger's name says of the code behind it. */
export interface Logger {
  /** The class of code, '' where the name is that of no class. */
  readonly className: string;
  /** The number of the line of code, '' where the name says none. */
  readonly codeLine: string;
}

export const noLogger: Logger = { className: '', codeLine: '' };

/**
 * `a.b.Class#123` is line 123 of `a.b.Class#`, whose name is the same in every build. A process, a thread, a file or a
 * host tells no statement from another: no class.
 */
export function loggerOf(name: string): Logger {
  if (name.length > 200 || !/[.$#]|::/.test(name)) return noLogger;
  const className = name.replaceAll(/\d+/g, '');
  if (isParameter(className) || className.includes(' ') || !/\p{L}/u.test(className)) return noLogger;
  return { className, codeLine: lineOfCode.exec(name)?.[1] ?? '' };
}

/** At the end, as Log4j's `%C#%L`, `%C:%L` and `%l` have it: `a.b.Class#123`, `a.b.Class:123`. */
export const lineOfCode = /[\w$)][#:](\d{1,6})\)?:?$/;

const mostNames = 5000;

export interface Loggers {
  of(name: string): Logger;
}

/** Loggers repeat: each is looked at once. */
export function createLoggers(): Loggers {
  const known = new Map<string, Logger>();
  return {
    of(name) {
      let logger = known.get(name);
      if (logger === undefined) {
        const { className, codeLine } = loggerOf(name);
        // One object where there is no class, so that many names are seen to be the same.
        logger = className === '' ? noLogger : { className: copyOf(className), codeLine: copyOf(codeLine) };
        if (known.size < mostNames) known.set(copyOf(name), logger);
      }
      return logger;
    },
  };
}
