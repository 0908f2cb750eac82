import type { NodeKind, PlanNode } from "../plan/node.ts";
import type { Target } from "../plan/plan.ts";
import { announce } from "./announce.ts";
import { dial } from "./dial.ts";
import { district } from "./district.ts";
import { languages } from "./languages.ts";
import { menu } from "./menu.ts";
import { message } from "./message.ts";
import { survey } from "./survey.ts";
import { leave, type NodeRules } from "./visit.ts";

/** A node that only leads on. */
function passing<K extends NodeKind>(to: (node: Extract<PlanNode, { kind: K }>) => Target): NodeRules<K> {
  return { enter: (visit, node, before) => leave(visit, to(node), before) };
}

/** The rules of every kind of node. */
export const rules: { readonly [K in NodeKind]: NodeRules<K> } = {
  menu,
  message,
  languages,
  dial,
  callback: passing((node) => node.fallback),
  voicemail: passing((node) => node.fallback),
  extension: passing((node) => node.fallback),
  district,
  "matter-status": passing((node) => node.fallback),
  survey,
  announce,
};

/** The rules of a node's own kind. */
export const rulesOf = (node: PlanNode): NodeRules<NodeKind> => rules[node.kind] as NodeRules<NodeKind>;
