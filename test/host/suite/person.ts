// Replaces the person at the keyboard: answers lists, inputs and questions of the extension, which uses this API
// object.
import * as vscode from 'vscode';

export interface Answers {
  /** The text to type, by the title and prompt of the input. */
  readonly typed?: (question: string) => string;
  /** The button of a question that must be answered. */
  readonly button?: string;
  /** Leaves with Escape after this many inputs. */
  readonly leaveAfterLines?: number;
  /** The path for a save dialogue. */
  readonly saveTo?: vscode.Uri;
}

/**
 * During `work`, lists are answered with their first entry that can be chosen, inputs with `typed`. Returns every
 * question.
 */
export async function withPerson(answers: Answers, work: () => Promise<void>): Promise<readonly string[]> {
  const asked: string[] = [];
  const { createQuickPick, createInputBox, showWarningMessage, showSaveDialog } = vscode.window;
  let lines = 0;
  const isLeaving = (): boolean => lines >= (answers.leaveAfterLines ?? Infinity);
  Object.assign(vscode.window, {
    createQuickPick: () => answerList(asked, isLeaving),
    createInputBox() {
      lines += 1;
      return answerLine(asked, answers);
    },
    showSaveDialog: () => Promise.resolve(answers.saveTo),
    showWarningMessage(text: string) {
      asked.push(text);
      return Promise.resolve(answers.button);
    },
  });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { createQuickPick, createInputBox, showWarningMessage, showSaveDialog });
  }
  return asked;
}

/** The editor's own prompts, as far as the extension uses them. */
abstract class Prompt {
  title = '';
  readonly #accepted = new vscode.EventEmitter<void>();
  readonly #hidden = new vscode.EventEmitter<void>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidHide = this.#hidden.event;
  readonly onDidTriggerButton = new vscode.EventEmitter<void>().event;
  readonly onDidChangeValue = new vscode.EventEmitter<string>().event;
  protected isShown = false;
  show(): void {
    this.isShown = true;
    this.answer();
  }
  hide(): void {
    setImmediate(() => {
      this.#hidden.fire();
    });
  }
  dispose(): void {
    this.isShown = false;
  }
  protected accept(): void {
    setImmediate(() => {
      this.#accepted.fire();
    });
  }
  protected abstract answer(): void;
}

function answerList(asked: string[], isLeaving: () => boolean): object {
  return new (class extends Prompt {
    placeholder = '';
    selectedItems: readonly { value?: unknown }[] = [];
    #items: readonly { value?: unknown; label?: string }[] = [];
    set items(items: readonly { value?: unknown; label?: string }[]) {
      this.#items = items;
      if (this.isShown) this.answer();
    }
    protected override answer(): void {
      if (this.#items.length === 0) return;
      const first = isLeaving() ? undefined : this.#items.find(item => item.value !== undefined);
      asked.push(`${this.title}: ${this.#items.map(item => item.label).join(' | ')}`);
      this.selectedItems = first ? [first] : [];
      if (first) this.accept();
      else this.hide();
    }
  })();
}

function answerLine(asked: string[], { typed = () => '' }: Answers): object {
  return new (class extends Prompt {
    prompt = '';
    value = '';
    protected override answer(): void {
      const question = `${this.title}: ${this.prompt}`;
      asked.push(question);
      this.value = typed(question);
      this.accept();
    }
  })();
}
