// Below and within the list of log events: folded lines, the line that lists more, how many there are, and arrow keys.
import { css, html, type TemplateResult } from 'lit';
import { formatCount, formatNumber } from '../../src/protocol/words/format.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { icon } from '../icons.ts';
import type { FoldedKind, ListItem } from './listItems.ts';
import { mark } from '../marks.ts';

/** `from` asks with an event, `fold` or `list-more`, for what its list shows next. */
export function foldLine(from: EventTarget, item: Exclude<ListItem, { type: 'cluster' }>): TemplateResult {
  if (item.type === 'more')
    return html`<button class="link small" @click=${() => from.dispatchEvent(new CustomEvent('list-more'))}>
      ${t('Show {0} more of {1}', formatNumber(item.count), formatNumber(item.left))}
    </button>`;
  const { kind, count, lines, isOpen } = item;
  return html`<button
    class="fold"
    aria-expanded=${String(isOpen)}
    @click=${() => from.dispatchEvent(new CustomEvent<FoldedKind>('fold', { detail: kind }))}
  >
    ${icon(isOpen ? 'down' : 'right')}${mark(kind)}<span
      >${kind === 'known' ? formatCount(count, 'known log event') : t('{0} on other nodes only', formatNumber(count))}
      <span class="dim"
        >${
          kind === 'known' ? t('{0}, as often as usual', formatCount(lines, 'line')) : formatCount(lines, 'line')
        }</span
      ></span
    >
  </button>`;
}

export function listedOf(listed: number, total: number, isPart: boolean): string {
  if (listed === total) return t('{0} in total', formatNumber(total));
  return isPart
    ? t('{0} of {1} selected', formatNumber(listed), formatNumber(total))
    : t('{0} of {1} shown', formatNumber(listed), formatNumber(total));
}

/** Focuses and returns the element before or after the focused one, if an arrow key was pressed. */
export function neighbour(root: ParentNode, selector: string, event: KeyboardEvent): HTMLElement | undefined {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0,
    from = (event.target as Element).closest<HTMLElement>(selector),
    all = [...root.querySelectorAll<HTMLElement>(selector)];
  const next = by !== 0 && from ? all[all.indexOf(from) + by] : undefined;
  if (next) event.preventDefault();
  next?.focus();
  return next;
}

export const foldStyles = css`
  button.fold {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    min-height: 20px;
    text-align: left;
  }
`;
