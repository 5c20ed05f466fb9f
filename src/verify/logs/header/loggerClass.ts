// The class of code that a logger's name stands for, the same in every build.
import { copyOf } from '../text/characters.ts';
import { isParameter } from '../template/tokens.ts';

/** `a.b.Class#123` is `a.b.Class#` in every build. A process, a file or a host tells no statement from another: ''. */
export function classOf(logger: string): string {
  if (logger.length > 200 || !/[.$#]|::/.test(logger)) return '';
  const name = logger.replaceAll(/\d+/g, '');
  return isParameter(name) || name.includes(' ') ? '' : name;
}

const mostNames = 5000;

/** Loggers repeat: each is looked at once. */
export function createClassNames(): { of(logger: string): string } {
  const known = new Map<string, string>();
  return {
    of(logger) {
      let name = known.get(logger);
      if (name === undefined) {
        name = copyOf(classOf(logger));
        if (known.size < mostNames) known.set(copyOf(logger), name);
      }
      return name;
    },
  };
}
