// A request budget as the product keeps it, in a store of its own, on the test's clock and without chance.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createBudget } from '../../src/vendors/transport/budget.ts';
import type { Budget } from '../../src/model/outside.ts';
import { openBudgetStore } from '../../src/adapters/store/historyBudget.ts';
import type { OpenBudget } from '../../src/adapters/store/historyBudget.ts';
import type { Clock } from '../../src/model/ports.ts';

export function createLocalBudget(context: TestContext, clock: Clock): Budget {
  return createBudget(openLocalBudgetStore(context, clock.now), clock);
}

/** `path`: to share it with another. */
export function openLocalBudgetStore(
  context: TestContext,
  now: () => number,
  path = newStorePath(context),
): OpenBudget {
  const opened = openBudgetStore(path, now, () => 0.5);
  if (!opened.ok) throw new Error(opened.failure.message);
  context.after(() => opened.value.close());
  return opened.value;
}

export function newStorePath(context: TestContext): string {
  const folder = mkdtempSync(`${existsSync('/dev/shm') ? '/dev/shm' : tmpdir()}/backstop-budget-`);
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return join(folder, 'history.db');
}
