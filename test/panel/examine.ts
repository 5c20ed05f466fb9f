// Finds faults that a person would see in a picture: cut text, parts beyond the page, elements without an accessible
// name.
import type { Page } from 'playwright-core';

/**
 * Elements, in every shadow tree, that extend beyond the page, are cut off by an ancestor, or are narrower than their
 * text.
 */
export function stickingOut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [],
      width = document.documentElement.clientWidth;
    const name = (element: Element): string => `${element.localName}.${element.getAttribute('class') ?? ''}`;
    if (document.documentElement.scrollWidth > width)
      found.push(`page ${document.documentElement.scrollWidth} > ${width}`);
    const search = (root: Document | ShadowRoot): void =>
      root.querySelectorAll('*').forEach(element => {
        if (element.shadowRoot) search(element.shadowRoot);
        const box = element.getBoundingClientRect();
        if (box.width === 0 || element.closest('.out')) return;
        if (box.right > width + 0.5 || box.left < -0.5)
          found.push(`${name(element)} at ${Math.round(box.left)}..${Math.round(box.right)}`);
        const style = getComputedStyle(element),
          isCut =
            element instanceof HTMLElement &&
            element.scrollWidth > element.clientWidth + 1 &&
            element.clientWidth > 0 &&
            style.overflowX !== 'visible' &&
            style.overflowX !== 'auto';
        if (isCut && element.localName !== 'input')
          found.push(
            `${name(element)} is cut: ${element.scrollWidth} > ${element.clientWidth}, ` +
              `"${element.textContent.trim().slice(0, 40)}"`,
          );
        if (
          element instanceof HTMLElement &&
          style.overflowX === 'visible' &&
          style.display !== 'inline' &&
          element.scrollWidth > element.clientWidth + 2 &&
          element.clientWidth > 0 &&
          element.children.length === 0
        )
          found.push(
            `${name(element)} spills: ${element.scrollWidth} > ${element.clientWidth}, ` +
              `"${element.textContent.trim().slice(0, 40)}"`,
          );
      });
    search(document);
    return found.slice(0, 8);
  });
}

interface Axe {
  run(
    context: unknown,
    options: unknown,
  ): Promise<{
    violations: readonly { id: string; nodes: readonly { target: readonly unknown[]; failureSummary?: string }[] }[];
  }>;
}

export async function findAxeViolations(page: Page, source: string): Promise<readonly string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(
          ({ target, failureSummary }) =>
            `${id}: ${target.flat(3).join(' ')}: ` +
            `${(failureSummary ?? '').split('\n').slice(1, 3).join(' ').trim().slice(0, 220)}`,
        ),
    );
  });
}

/** All texts for readers and screen readers: text nodes, and words in attributes. */
export function wordsOfPage(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const search = (root: Document | ShadowRoot | Element): void => {
      let continues = false;
      root.childNodes.forEach(node => {
        if (node.nodeType === Node.TEXT_NODE) {
          const text = node.textContent ?? '';
          // A text in which the line may break is one text.
          found.push(continues ? `${found.pop() ?? ''}${text}` : text);
        }
        if (node.nodeType !== Node.COMMENT_NODE) continues = node.nodeName === 'WBR';
        if (!(node instanceof Element) || ['script', 'style', 'head'].includes(node.localName)) return;
        for (const name of ['aria-label', 'title', 'placeholder', 'label', 'alt'])
          if (node.hasAttribute(name)) found.push(node.getAttribute(name) ?? '');
        if (node.shadowRoot) search(node.shadowRoot);
        search(node);
      });
    };
    search(document);
    return [...new Set(found.map(text => text.trim()).filter(text => text !== ''))];
  });
}
