// The steps of a dialogue in the editor: a list to choose from, and a line to type, both with a way back.
import * as vscode from 'vscode';
import { t } from '../../protocol/words/translate.ts';

export interface PromptPlace {
  readonly title: string;
  readonly step?: number;
  readonly of?: number;
  readonly canGoBack?: boolean;
}

export interface Choice<T> extends vscode.QuickPickItem {
  /** If absent, the entry can be read but not chosen. */
  readonly value?: T;
}

export function pickOne<T>(
  place: PromptPlace,
  placeholder: string,
  items: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  active?: T,
): Promise<T | 'back' | undefined> {
  return new Promise(resolve => {
    const input = vscode.window.createQuickPick<Choice<T>>();
    begin(input, place);
    input.matchOnDescription = true;
    input.matchOnDetail = true;
    const show = (shown: readonly Choice<T>[]): void => {
      input.placeholder = placeholder;
      input.items = shown;
      const chosen = shown.find(item => item.value !== undefined && item.value === active);
      if (chosen) input.activeItems = [chosen];
      input.busy = false;
    };
    if ('then' in items) {
      input.busy = true;
      input.placeholder = t('Loading…');
      void items.then(show);
    } else show(items);
    input.onDidAccept(() => {
      const value = input.selectedItems[0]?.value;
      if (value === undefined) return;
      resolve(value);
      input.hide();
    });
    openInput(input, resolve);
  });
}

/** Lets the user choose any number of entries; all are selected at first. Undefined if the list was closed. */
export function pickMany<T>(
  place: PromptPlace,
  placeholder: string,
  items: readonly Choice<T>[],
): Promise<readonly T[] | undefined> {
  return new Promise(resolve => {
    const input = vscode.window.createQuickPick<Choice<T>>();
    begin(input, place);
    input.canSelectMany = true;
    input.placeholder = placeholder;
    input.items = items;
    input.selectedItems = items;
    input.onDidAccept(() => {
      resolve(input.selectedItems.flatMap(({ value }) => (value === undefined ? [] : [value])));
      input.hide();
    });
    openInput(input, () => resolve(undefined));
  });
}

export interface LineOptions {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  readonly check?: (text: string) => string | undefined;
}

/** An object, so that typing the text "back" is not mistaken for the back button. */
export function typeLine(
  place: PromptPlace,
  { prompt, value = '', placeholder, password = false, check = () => undefined }: LineOptions,
): Promise<{ readonly text: string } | 'back' | undefined> {
  return new Promise(resolve => {
    const input = vscode.window.createInputBox();
    begin(input, place);
    input.prompt = prompt;
    input.value = value;
    input.placeholder = placeholder;
    input.password = password;
    input.onDidChangeValue(text => {
      input.validationMessage = text === '' ? undefined : check(text);
    });
    input.onDidAccept(() => {
      const problem = check(input.value);
      input.validationMessage = problem;
      if (problem !== undefined) return;
      resolve({ text: input.value });
      input.hide();
    });
    openInput(input, resolve);
  });
}

function begin(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  { title, step, of, canGoBack = (step ?? 1) > 1 }: PromptPlace,
): void {
  input.title = title;
  input.step = step;
  input.totalSteps = of;
  input.ignoreFocusOut = true;
  if (canGoBack) input.buttons = [vscode.QuickInputButtons.Back];
}

/** Shows the input. Resolves with `back` for the back button, and with undefined if it was closed without an answer. */
function openInput(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  answer: (given: 'back' | undefined) => void,
): void {
  input.onDidTriggerButton(() => {
    answer('back');
    input.hide();
  });
  input.onDidHide(() => {
    answer(undefined);
    input.dispose();
  });
  input.show();
}
