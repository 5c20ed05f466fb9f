// Whom the panel talks to: the editor, or nobody when it is the body of a report, which can be read and not acted on.
import { snapshotElement } from '../src/protocol/report/reportPage.ts';
import { isSnapshot, type ToHost } from '../src/protocol/runPanel.ts';
import type { RunSnapshot } from '../src/protocol/snapshot/snapshot.ts';
import type { TimelineRow } from '../src/protocol/report/timelineRow.ts';
import type { ClusterView } from './clusters/clusterView.ts';

/** What survives hiding, reloading and moving to another window; the editor finds the run again by its id. */
export interface Kept {
  readonly runId?: string;
  readonly picked?: string;
  readonly view?: ClusterView;
  readonly level?: TimelineRow['level'];
  readonly compares?: boolean;
}
export interface PanelHost {
  /** Absent: a report. */
  readonly post?: (message: ToHost) => void;
  readonly kept: Kept;
  keep(change: Kept): void;
  /** What a report brings along. */
  readonly embedded?: RunSnapshot;
}
interface EditorApi {
  postMessage(message: ToHost): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
}

export function connectHost(): PanelHost {
  const { acquireVsCodeApi } = globalThis as { acquireVsCodeApi?: () => EditorApi };
  const editor = acquireVsCodeApi?.(),
    embedded = editor ? undefined : readEmbedded();
  if (!editor) wearTheme();
  let kept: Kept = editor?.getState() ?? {};
  return {
    get kept() {
      return kept;
    },
    keep(change) {
      kept = { ...kept, ...change };
      editor?.setState(kept);
    },
    ...(editor && { post: (message: ToHost) => editor.postMessage(message) }),
    ...(embedded && { embedded }),
  };
}

function readEmbedded(): RunSnapshot | undefined {
  const value: unknown = JSON.parse(document.getElementById(snapshotElement)?.textContent ?? 'null');
  return isSnapshot(value) ? value : undefined;
}

/** The editor names its theme on the body; for a report the browser's wish counts. */
function wearTheme(): void {
  const isDark = matchMedia('(prefers-color-scheme: dark)');
  const wear = (): void => {
    document.body.className = isDark.matches ? 'vscode-dark' : 'vscode-light';
  };
  isDark.addEventListener('change', wear);
  wear();
}
