// The editors that the tests run in: the newest VS Code and the oldest that Backstop supports, both from the npm
// registry.

export interface Edition {
  /** As people call it. */
  readonly vscode: string;
  readonly codeServer: string;
  /** Major version of Node.js that this code-server wants. */
  readonly node: number;
}

export const newest: Edition = { vscode: '1.139', codeServer: '4.139.1', node: 24 };
export const oldest: Edition = { vscode: '1.110', codeServer: '4.110.0', node: 22 };
export const editions: readonly Edition[] = [newest, oldest];
