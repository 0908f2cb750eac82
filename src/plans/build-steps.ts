import type { PlanNode } from "../core/plan/node.ts";
import type { Key, NodeId, Target } from "../core/plan/plan.ts";
import type { MenuDocument, PlanDocument, WayDocument } from "./schema.ts";

/** The core's nodes out of a document's menus and steps. */

const defaultWaitSeconds = 6;
const defaultTries = 3;
const defaultRingSeconds = 25;
const defaultMessageSeconds = 180;
const end: Target = { to: "end" };

export function targetOf(way: WayDocument): Target {
  if (typeof way === "string") return { to: way };
  const language = way.language === undefined ? {} : { language: way.language };
  if ("menu" in way) return { to: "node", node: way.menu, ...language };
  if ("step" in way) return { to: "node", node: way.step, ...language };
  const { group, priority, district } = way;
  const asks = { ...(priority === undefined ? {} : { priority }), ...(district === undefined ? {} : { district }) };
  return { to: "group", group, ...language, ...asks };
}

export function nodesOf({ menus, steps = {} }: Pick<PlanDocument, "menus" | "steps">): Record<NodeId, PlanNode> {
  const nodes: PlanNode[] = [
    ...all(menus, (menu, id) => menuOf(menu, id)),
    ...all(steps.messages, ({ label, says, next }, id) => ({ kind: "message", id, label, says, next: targetOf(next) })),
    ...all(steps.languages, (step, id) => ({ kind: "languages", id, ...asking(step), next: targetOf(step.next) })),
    ...all(steps.dials, (step, id) => ({
      ...{ kind: "dial", id, label: step.label, says: step.says ?? [], rounds: step.rounds ?? 1 },
      numbers: step["on-duty"] ?? step.numbers ?? [],
      ringMs: (step["ring-seconds"] ?? defaultRingSeconds) * 1000,
      fallback: targetOf(step.otherwise),
    })),
    ...all(steps.callbacks, (step, id) => ({ kind: "callback", id, ...asking(step), ...groupOf(step), next: thenOf(step) })),
    ...all(steps.voicemails, (step, id) => ({
      ...{ kind: "voicemail", id, ...asking(step), ...groupOf(step), next: thenOf(step) },
      maxMs: (step["longest-seconds"] ?? defaultMessageSeconds) * 1000,
    })),
    ...all(steps.extensions, (step, id) => ({ kind: "extension", id, ...asking(step), digits: step.digits })),
    ...all(steps.districts, (step, id) => ({
      ...{ kind: "district", id, ...asking(step) },
      next: step.next === "own-number" ? step.next : targetOf(step.next),
    })),
    ...all(steps["matter-status"], (step, id) => ({ kind: "matter-status", id, ...asking(step), next: thenOf(step) })),
    ...all(steps.surveys, (step, id) => ({
      ...{ kind: "survey", id, label: step.label, questions: step.questions },
      ...(step.by === "sms" ? { by: step.by } : {}),
      waitMs: (step["wait-seconds"] ?? defaultWaitSeconds) * 1000,
    })),
    ...all(steps.announcements, (step, id) => ({ kind: "announce", id, ...asking(step) })),
  ];
  return Object.fromEntries(nodes.map((node) => [node.id, node]));
}

function all<T>(documents: Readonly<Record<string, T>> | undefined, make: (document: T, id: string) => PlanNode): PlanNode[] {
  return Object.entries(documents ?? {}).map(([id, document]) => make(document, id));
}

function menuOf(menu: MenuDocument, id: string): PlanNode {
  const keys = Object.entries(menu.keys).map(([key, way]) => [key, targetOf(way)]);
  return {
    ...{ kind: "menu", id, ...asking(menu), prompt: menu.prompt },
    ...(menu.says === undefined ? {} : { says: menu.says }),
    ...(menu.admission === undefined ? {} : { admission: menu.admission }),
    keys: Object.fromEntries(keys) as Partial<Record<Key, Target>>,
  };
}

interface AskingDocument extends Pick<MenuDocument, "label" | "wait-seconds" | "tries" | "otherwise"> {}

function asking(document: AskingDocument) {
  return {
    label: document.label,
    waitMs: (document["wait-seconds"] ?? defaultWaitSeconds) * 1000,
    tries: document.tries ?? defaultTries,
    fallback: targetOf(document.otherwise),
  };
}

const groupOf = ({ group }: { readonly group?: string }) => (group === undefined ? {} : { group });
const thenOf = ({ next }: { readonly next?: WayDocument }): Target => (next === undefined ? end : targetOf(next));
