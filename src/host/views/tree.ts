// Shows plain nodes as a tree view. The only file that uses the editor's tree items.
import * as vscode from 'vscode';
import { spokenLabel, type TreeNode } from '../tree/treeNode.ts';

export interface Tree extends vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  refresh(): void;
}

export function createTree(viewId: string, roots: () => readonly TreeNode[]): Tree {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.TreeDataProvider<TreeNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: node => [...(node ? (node.children?.() ?? []) : roots())],
    getTreeItem: toItem,
  };
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: provider, showCollapseAll: true });
  return {
    view,
    refresh: () => changed.fire(),
    dispose() {
      vscode.Disposable.from(view, changed).dispose();
    },
  };
}

function toItem(node: TreeNode): vscode.TreeItem {
  const state = !node.children
    ? vscode.TreeItemCollapsibleState.None
    : node.expanded
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(node.label, state);
  item.id = node.id;
  item.description = node.description;
  item.tooltip = node.tooltip ?? [node.label, node.description].filter(Boolean).join('\n');
  item.iconPath = new vscode.ThemeIcon(
    node.icon.name,
    node.icon.color === undefined ? undefined : new vscode.ThemeColor(node.icon.color),
  );
  item.contextValue = node.facts.join(' ');
  item.accessibilityInformation = { label: spokenLabel(node) };
  if (node.opens !== undefined)
    item.command = { command: node.opens, title: node.label, arguments: [{ ...node.target, from: 'tree' }] };
  return item;
}
