import type { NodeKind, PlanNode } from "../plan/node.ts";
import { announce } from "./announce.ts";
import { callback } from "./callback.ts";
import { dial } from "./dial.ts";
import { district } from "./district.ts";
import { extension } from "./extension.ts";
import { languages } from "./languages.ts";
import { matterStatus } from "./matter-status.ts";
import { menu } from "./menu.ts";
import { message } from "./message.ts";
import { survey } from "./survey.ts";
import type { NodeRules } from "./visit.ts";
import { voicemail } from "./voicemail.ts";

/** The rules of every kind of node. */
export const rules: { readonly [K in NodeKind]: NodeRules<K> } = {
  menu,
  message,
  languages,
  dial,
  callback,
  voicemail,
  extension,
  district,
  "matter-status": matterStatus,
  survey,
  announce,
};

/** The rules of a node's own kind. */
export const rulesOf = (node: PlanNode): NodeRules<NodeKind> => rules[node.kind] as NodeRules<NodeKind>;
