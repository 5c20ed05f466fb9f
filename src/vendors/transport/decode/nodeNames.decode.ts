// Which node a label names: exporters write hosts with a port, with a domain, or in a form of their own.
import { compileWhole } from '../../../model/file/patterns.ts';

/**
 * The first group of `pattern`, which must match the whole value; without a pattern the value itself, or what stands
 * before its port. Undefined where that is none of `nodes`. Without `nodes`, whatever there is.
 */
export function createNodeNames(
  nodes: readonly string[],
  pattern: string | undefined,
): (value: string) => string | undefined {
  const known = new Set(nodes);
  const whole = pattern === undefined ? undefined : compileWhole(pattern);
  const nameOf = (value: string): string | undefined => {
    if (whole) return whole.exec(value)?.[1];
    return known.has(value) ? value : value.replace(/:\d{1,5}$/, '');
  };
  return value => {
    if (known.size === 0) return value;
    const name = nameOf(value);
    return name !== undefined && known.has(name) ? name : undefined;
  };
}
