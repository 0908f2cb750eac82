import type { Path } from "./problem.ts";

/** A name that stands somewhere in the document, and where. */
export interface Named {
  readonly name: string;
  readonly path: Path;
}

/** Where a key, a number's start or a menu's `otherwise` leads. `to` is missing for "repeat". */
export interface Way {
  readonly path: Path;
  readonly to: { readonly kind: "menu" | "group"; readonly named: Named } | "repeat";
  readonly language?: Named;
  readonly district?: Named;
}

export interface OutlineMenu {
  readonly path: Path;
  readonly prompt: Named | undefined;
  readonly keys: ReadonlyMap<string, Way>;
  readonly otherwise: Way | undefined;
}

/** What the defaults, or one group, say of whom calls may reach. */
export interface OutlineRouting {
  readonly path: Path;
  /** undefined: the defaults. */
  readonly group: string | undefined;
  readonly steps: readonly {
    readonly path: Path;
    readonly says: ReadonlyMap<string, unknown>;
    readonly neighbours: readonly Named[];
  }[];
  readonly secondLine: unknown;
}

/**
 * What the checks of names and ways need of a document, taken from whatever of it is in shape: so one report can hold a
 * misspelt setting and a missing group alike. What is out of shape is left out here; the schema's check tells of it.
 */
export interface Outline {
  /** The sections that are there, and in shape: names can be missing only in them. */
  readonly sections: ReadonlySet<string>;
  readonly languages: readonly Named[];
  readonly timezone: Named | undefined;
  readonly lastResort: Named | undefined;
  readonly numbers: readonly {
    readonly path: Path;
    /** The number itself, then its aliases. */
    readonly numbers: readonly Named[];
    readonly greeting: Named | undefined;
    readonly language: Named | undefined;
    readonly start: Way | undefined;
    readonly hours: Named | undefined;
  }[];
  readonly menus: ReadonlyMap<string, OutlineMenu>;
  readonly groups: ReadonlySet<string>;
  /** The hours that groups and their defaults name. */
  readonly groupHours: readonly Named[];
  readonly hours: ReadonlyMap<string, unknown>;
  readonly holidays: unknown;
  readonly districts: readonly Named[];
  readonly routing: readonly OutlineRouting[];
  /** Texts by prompt and language; undefined where something else stands. */
  readonly prompts: ReadonlyMap<string, ReadonlyMap<string, string> | undefined>;
}

export function outlineOf(document: unknown): Outline {
  const root = members(document);
  const entries = listAt(root.get("numbers"), ["numbers"]).map(({ value, path }) => {
    const entry = members(value);
    return {
      path,
      numbers: [
        ...present(named(entry.get("number"), [...path, "number"])),
        ...listAt(entry.get("aliases"), [...path, "aliases"]).flatMap((alias) => present(named(alias.value, alias.path))),
      ],
      greeting: named(entry.get("greeting"), [...path, "greeting"]),
      language: named(entry.get("language"), [...path, "language"]),
      start: wayAt(entry.get("start"), [...path, "start"]),
      hours: named(entry.get("hours"), [...path, "hours"]),
    };
  });
  const menus = [...members(root.get("menus"))].map(([id, value]): [string, OutlineMenu] => {
    const path = ["menus", id];
    const menu = members(value);
    const keys = [...members(menu.get("keys"))].flatMap(([key, to]): [string, Way][] =>
      present(wayAt(to, [...path, "keys", key])).map((way) => [key, way]),
    );
    return [
      id,
      {
        path,
        prompt: named(menu.get("prompt"), [...path, "prompt"]),
        keys: new Map(keys),
        otherwise: wayAt(menu.get("otherwise"), [...path, "otherwise"]),
      },
    ];
  });
  const prompts = [...members(root.get("prompts"))].map(([id, value]): [string, Map<string, string> | undefined] => {
    const texts = [...members(value)].flatMap(([language, text]): [string, string][] =>
      typeof text === "string" ? [[language, text]] : [],
    );
    return [id, isRecord(value) ? new Map(texts) : undefined];
  });
  const groups = members(root.get("groups"));
  const groupHours = [
    named(members(root.get("group-defaults")).get("hours"), ["group-defaults", "hours"]),
    ...[...groups].map(([id, value]) => named(members(value).get("hours"), ["groups", id, "hours"])),
  ];
  return {
    sections: new Set([...root].flatMap(([section, value]) => (typeof value === "object" && value !== null ? [section] : []))),
    languages: listAt(root.get("languages"), ["languages"]).flatMap(({ value, path }) => present(named(value, path))),
    timezone: named(root.get("timezone"), ["timezone"]),
    lastResort: named(root.get("last-resort"), ["last-resort"]),
    numbers: entries,
    menus: new Map(menus),
    groups: new Set(groups.keys()),
    groupHours: groupHours.flatMap(present),
    hours: members(root.get("hours")),
    holidays: root.get("holidays"),
    districts: listAt(root.get("districts"), ["districts"]).flatMap(({ value, path }) => present(named(value, path))),
    routing: [
      routingAt(root.get("group-defaults"), ["group-defaults"], undefined),
      ...[...groups].map(([id, value]) => routingAt(value, ["groups", id], id)),
    ],
    prompts: new Map(prompts),
  };
}

function wayAt(value: unknown, path: Path): Way | undefined {
  if (value === "repeat") return { path, to: "repeat" };
  const way = members(value);
  const menu = named(way.get("menu"), [...path, "menu"]);
  const group = named(way.get("group"), [...path, "group"]);
  const target = menu ?? group;
  if (!target || (menu && group)) return undefined;
  const language = named(way.get("language"), [...path, "language"]);
  const district = named(way.get("district"), [...path, "district"]);
  const to = { kind: menu ? "menu" : "group", named: target } as const;
  return { path, to, ...(language ? { language } : {}), ...(district ? { district } : {}) };
}

function routingAt(value: unknown, path: Path, group: string | undefined): OutlineRouting {
  const settings = members(value);
  const steps = listAt(settings.get("ladder"), [...path, "ladder"]).map((step) => {
    const says = members(step.value);
    const neighbours = listAt(says.get("neighbours"), [...step.path, "neighbours"]);
    return { path: step.path, says, neighbours: neighbours.flatMap((one) => present(named(one.value, one.path))) };
  });
  return { path, group, steps, secondLine: settings.get("second-line") };
}

function named(value: unknown, path: Path): Named | undefined {
  return typeof value === "string" && value !== "" ? { name: value, path } : undefined;
}

/** What stands under the names of a place; nothing, when it is out of shape. */
export function members(value: unknown): Map<string, unknown> {
  return new Map(isRecord(value) ? Object.entries(value) : []);
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listAt(value: unknown, path: Path): { readonly value: unknown; readonly path: Path }[] {
  return Array.isArray(value) ? value.map((item: unknown, index) => ({ value: item, path: [...path, String(index)] })) : [];
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
