import type { Path } from "./problem.ts";

/** A name that stands somewhere in the document, and where. */
export interface Named {
  readonly name: string;
  readonly path: Path;
}

/** Ways without a name of their own. */
const turnings = ["repeat", "back", "end"] as const;
export type Turning = (typeof turnings)[number];

/** Where a key, a number's start or a menu's `otherwise` leads. */
export interface Way {
  readonly path: Path;
  readonly to: { readonly kind: "menu" | "step" | "group"; readonly named: Named } | Turning;
  readonly language?: Named;
  readonly district?: Named;
}

export interface OutlineMenu {
  readonly path: Path;
  /** All that is said; what is known only during the call ("$opens") left out. */
  readonly prompts: readonly Named[];
  readonly keys: ReadonlyMap<string, Way>;
  readonly otherwise: Way | undefined;
  /** Says whether admission holds for numbers that start here. */
  readonly admission: boolean;
}

/** A step that is no menu. `kind`: the section under `steps` in which it stands. */
export interface OutlineStep {
  readonly path: Path;
  readonly kind: string;
  readonly prompts: readonly Named[];
  readonly ways: readonly Way[];
  /** Where whoever presses nothing comes to. */
  readonly silent: Way | undefined;
  readonly group: Named | undefined;
  readonly onDuty: Named | undefined;
  readonly numbers: boolean;
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
    readonly closed: Way | undefined;
    readonly hours: Named | undefined;
    /** Says itself whether admission holds for it. */
    readonly admission: boolean;
  }[];
  readonly menus: ReadonlyMap<string, OutlineMenu>;
  readonly steps: ReadonlyMap<string, OutlineStep>;
  readonly groups: ReadonlySet<string>;
  /** Where groups lead: while closed or full, while waiting, and afterwards. */
  readonly groupWays: readonly Way[];
  readonly waitingMenus: readonly Named[];
  readonly surveys: readonly Named[];
  readonly onDuty: ReadonlySet<string>;
  readonly admission: Way | undefined;
  /** Rows of officers' own numbers. */
  readonly direct: readonly {
    readonly path: Path;
    readonly first: Named | undefined;
    readonly last: Named | undefined;
    readonly way: Way | undefined;
  }[];
  /** Names of districts elsewhere in the document. */
  readonly districtNames: readonly Named[];
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
      closed: wayAt(entry.get("closed"), [...path, "closed"]),
      hours: named(entry.get("hours"), [...path, "hours"]),
      admission: entry.has("admission"),
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
        prompts: promptsAt(menu, path),
        keys: new Map(keys),
        otherwise: wayAt(menu.get("otherwise"), [...path, "otherwise"]),
        admission: menu.has("admission"),
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
    steps: new Map([...members(root.get("steps"))].flatMap(([kind, all]) => stepsAt(kind, all))),
    ...groupsAt(root),
    onDuty: new Set(members(root.get("on-duty")).keys()),
    direct: listAt(root.get("direct-numbers"), ["direct-numbers"]).map(({ value, path }) => {
      const row = members(value);
      const end = (name: "first" | "last") => named(row.get(name), [...path, name]);
      return { path, first: end("first"), last: end("last"), way: wayAt(value, path) };
    }),
    admission: wayAt(members(root.get("admission")).get("next"), ["admission", "next"]),
    districtNames: [
      ...[...members(root.get("postcodes"))].flatMap(([code, value]) => present(named(value, ["postcodes", code]))),
      ...[...members(root.get("district-numbers")).keys()].map((name) => ({ name, path: ["district-numbers", name] })),
    ],
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

function stepsAt(kind: string, all: unknown): [string, OutlineStep][] {
  return [...members(all)].map(([id, value]) => {
    const path = ["steps", kind, id];
    const step = members(value);
    const next = wayAt(step.get("next"), [...path, "next"]);
    const otherwise = wayAt(step.get("otherwise"), [...path, "otherwise"]);
    return [
      id,
      {
        ...{ path, kind, prompts: promptsAt(step, path), ways: [...present(next), ...present(otherwise)] },
        silent: otherwise ?? next,
        group: named(step.get("group"), [...path, "group"]),
        onDuty: named(step.get("on-duty"), [...path, "on-duty"]),
        numbers: step.has("numbers"),
      },
    ];
  });
}

function promptsAt(holder: ReadonlyMap<string, unknown>, path: Path): Named[] {
  const lists = ["says", "questions"].flatMap((name) => listAt(holder.get(name), [...path, name]));
  const said = lists.flatMap((one) => present(named(one.value, one.path)));
  return [...said.filter(({ name }) => !name.startsWith("$")), ...present(named(holder.get("prompt"), [...path, "prompt"]))];
}

/** What groups, or their defaults, lead to besides their agents. */
function groupsAt(root: ReadonlyMap<string, unknown>): Pick<Outline, "groupWays" | "waitingMenus" | "surveys"> {
  const holders = [
    { settings: members(root.get("group-defaults")), path: ["group-defaults"] },
    ...[...members(root.get("groups"))].map(([id, value]) => ({ settings: members(value), path: ["groups", id] })),
  ];
  return {
    groupWays: holders.flatMap(({ settings, path }) => [
      ...present(wayAt(settings.get("closed"), [...path, "closed"])),
      ...present(wayAt(members(settings.get("full")).get("next"), [...path, "full", "next"])),
    ]),
    waitingMenus: holders.flatMap(({ settings, path }) =>
      present(named(settings.get("waiting-menu"), [...path, "waiting-menu"])),
    ),
    surveys: holders.flatMap(({ settings, path }) => present(named(settings.get("survey"), [...path, "survey"]))),
  };
}

function wayAt(value: unknown, path: Path): Way | undefined {
  const turning = turnings.find((one) => one === value);
  if (turning) return { path, to: turning };
  const way = members(value);
  const menu = named(way.get("menu"), [...path, "menu"]);
  const step = named(way.get("step"), [...path, "step"]);
  const group = named(way.get("group"), [...path, "group"]);
  const targets = [...present(menu), ...present(step), ...present(group)];
  const [target] = targets;
  if (!target || targets.length > 1) return undefined;
  const language = named(way.get("language"), [...path, "language"]);
  const district = named(way.get("district"), [...path, "district"]);
  const to = { kind: menu ? "menu" : step ? "step" : "group", named: target } as const;
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
