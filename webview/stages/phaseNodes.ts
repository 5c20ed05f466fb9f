// The nodes of a canary, grouped by the phase that upgrades them, with their releases; arrow keys move between them.
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { NodeMark, PhaseSnapshot, StageSnapshot } from '../../src/protocol/snapshot/snapshotStages.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { baseStyles } from '../styles.ts';

function said(node: string, mark: NodeMark): string {
  return {
    canary: t('{0} runs the new release', node),
    'rolled-back': t('{0} was rolled back', node),
    unchanged: t('{0} never changed', node),
    'not-known': t('{0}: release unknown', node),
  }[mark];
}

export class PhaseNodes extends LitElement {
  static override properties = {
    phases: { attribute: false },
    pending: { attribute: false },
    standstill: { attribute: false },
    label: {},
    at: { state: true },
  };
  declare phases: readonly PhaseSnapshot[];
  declare pending: boolean;
  declare standstill: StageSnapshot['standstill'];
  declare label: string;
  /** The node that the Tab key reaches. */
  declare at: number;
  static override styles = [
    baseStyles,
    css`
      .phases {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
      }
      .nodes {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding-top: 4px;
      }
      .node {
        min-width: 24px;
        height: 24px;
        padding: 0 2px;
        border: 1px solid color-mix(in srgb, var(--vscode-foreground) 44%, transparent);
        border-radius: 2px;
        display: grid;
        place-items: center;
        font-size: 11px;
        line-height: 1;
        position: relative;
      }
      .node.later {
        border-style: dashed;
      }
      .node.canary {
        border: 2px solid var(--vscode-charts-blue);
        font-weight: 600;
        background: color-mix(in srgb, var(--vscode-charts-blue) 24%, transparent);
      }
      .held .node.canary,
      .no-data .node.canary {
        border-color: var(--vscode-charts-yellow);
        background: none;
      }
      .no-data .node.canary {
        border-style: dashed;
      }
      .node.rolled-back {
        border: 2px solid var(--vscode-charts-red);
        font-weight: 600;
      }
      .node.rolled-back::after {
        content: '';
        position: absolute;
        right: 0;
        top: 0;
        border: 3px solid;
        border-color: var(--vscode-charts-red) var(--vscode-charts-red) transparent transparent;
      }
      .node.not-known {
        border: 2px dotted var(--vscode-charts-yellow);
      }
      :host-context(.vscode-high-contrast) .node.canary {
        background: none;
      }
    `,
  ];

  constructor() {
    super();
    this.at = 0;
  }

  override render() {
    let index = 0;
    return html`<div
      class="phases ${this.standstill ?? ''}"
      role="group"
      aria-label=${this.label}
      @keydown=${this.press}
    >
      ${this.phases.map(
        ({ label, nodes }) =>
          html`<div>
            <div class="small ${nodes.some(({ mark }) => mark !== 'unchanged') ? '' : 'dim'}">${label}</div>
            <div class="nodes">${nodes.map(node => this.node(node, index++))}</div>
          </div>`,
      )}
    </div>`;
  }

  private node({ name, short, mark }: PhaseSnapshot['nodes'][number], index: number): TemplateResult {
    const words = this.pending ? t('{0} has not been upgraded', name) : said(name, mark);
    return html`<span
      class="node ${this.pending ? 'later' : mark}"
      role="img"
      tabindex=${index === this.at ? 0 : -1}
      title=${words}
      aria-label=${words}
      >${short}</span
    >`;
  }

  private readonly press = (event: KeyboardEvent): void => {
    const nodes = [...this.renderRoot.querySelectorAll<HTMLElement>('.node')];
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: this.at + 1,
      ArrowLeft: this.at - 1,
      Home: 0,
      End: nodes.length - 1,
    };
    const next = Object.hasOwn(steps, event.key) ? nodes[steps[event.key] ?? 0] : undefined;
    if (!next) return;
    event.preventDefault();
    this.at = nodes.indexOf(next);
    next.focus();
  };
}

customElements.define('backstop-nodes', PhaseNodes);
