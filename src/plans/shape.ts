import type { TSchema } from "typebox";
import type { TLocalizedValidationError } from "typebox/error";
import { Settings } from "typebox/system";
import { Value } from "typebox/value";
import { nearest } from "./nearest.ts";
import type { Path, Report } from "./problem.ts";
import { planSchema } from "./schema.ts";

/** The parts of a JSON Schema that the walk below looks at. */
interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
}

/** The same data with numbers, true and false where the schema wants them: the file's scalars all come as text. */
export function withScalars(value: unknown, schema: TSchema = planSchema): unknown {
  return convert(value, schema);
}

function convert(value: unknown, shape: Shape | undefined): unknown {
  if (typeof value === "string") {
    if (shape?.type === "boolean") return value === "true" ? true : value === "false" ? false : value;
    return wantsNumber(shape) && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => convert(item, shape?.items));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner, inside(shape, name))]));
}

function wantsNumber(shape: Shape | undefined): boolean {
  return shape?.type === "integer" || shape?.type === "number" || (shape?.anyOf?.some(wantsNumber) ?? false);
}

/** The schema of what stands under a name. Every record here has one pattern only. */
function inside(shape: Shape | undefined, name: string): Shape | undefined {
  if (shape?.anyOf) return shape.anyOf.map((branch) => inside(branch, name)).find((found) => found !== undefined);
  if (shape?.items) return shape.items;
  if (shape?.properties && Object.hasOwn(shape.properties, name)) return shape.properties[name];
  return Object.values(shape?.patternProperties ?? {})[0];
}

function shapeAt(path: Path, schema: TSchema): Shape | undefined {
  return path.reduce<Shape | undefined>(inside, schema);
}

/** Reports every place where the data does not fit the schema, in plain words, each place once. */
export function checkShape(value: unknown, report: Report, schema: TSchema = planSchema): void {
  const told = new Set<string>();
  for (const error of allErrors(value, schema)) {
    // "additionalProperties" names in one error what "boolean" (schema is false) says at each place.
    if (error.keyword === "additionalProperties") continue;
    const { path, sort } = placeOf(error, value, schema);
    if (sort === "beside the point") continue;
    const shape = shapeAt(path, schema);
    const missed = "requiredProperties" in error.params ? error.params.requiredProperties.map((name) => [...path, name]) : [path];
    for (const place of sort === "choice" ? [path] : missed) {
      if (told.has(JSON.stringify(place))) continue;
      told.add(JSON.stringify(place));
      if (sort === "choice") unfit(place, shape, value, report);
      else if (error.keyword === "boolean") unknownName(place, value, schema, report);
      else if (error.keyword === "required" && place !== path) missing(place, shapeAt(place, schema), report);
      else unfit(place, shape, value, report);
    }
  }
}

/**
 * Where to tell of an error. Within a choice (anyOf) each branch complains. When what stands there can only be one of them, say the
 * only list, that branch's complaints are told and the others' are beside the point; else the choice itself is told instead, with
 * its description.
 */
function placeOf(
  error: TLocalizedValidationError,
  value: unknown,
  schema: TSchema,
): { readonly path: Path; readonly sort: "error" | "choice" | "beside the point" } {
  const path = pathOf(error.instancePath);
  const [outside = "", ...branches] = `${error.schemaPath}${error.keyword === "anyOf" ? "/anyOf/" : ""}`.split("/anyOf/");
  let depth = depthOf(outside);
  for (const branch of branches) {
    const choice = path.slice(0, depth);
    const shape = shapeAt(choice, schema);
    const only = onlyBranch(shape, at(value, choice));
    if (!only) return { path: choice, sort: "choice" };
    if (only !== shape?.anyOf?.[Number.parseInt(branch, 10)]) return { path: choice, sort: "beside the point" };
    depth += depthOf(branch);
  }
  return { path, sort: "error" };
}

/** The branch of a choice that is of the same kind as the value; undefined when none is, or several. */
function onlyBranch(shape: Shape | undefined, value: unknown): Shape | undefined {
  const kind = Array.isArray(value) ? "array" : typeof value;
  const kinds = kind === "number" ? ["number", "integer"] : [kind];
  const possible = shape?.anyOf?.filter(({ type }) => type === undefined || kinds.includes(type)) ?? [];
  return possible.length === 1 ? possible[0] : undefined;
}

/** All errors, not just the validator's first eight; the setting is put back before anyone else runs. */
function allErrors(value: unknown, schema: TSchema) {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: 100_000 });
  try {
    return Value.Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function unknownName(place: Path, value: unknown, schema: TSchema, report: Report): void {
  const name = String(place.at(-1));
  const outside = shapeAt(place.slice(0, -1), schema);
  const around = onlyBranch(outside, at(value, place.slice(0, -1))) ?? outside;
  if (around?.properties) {
    const known = Object.keys(around.properties);
    const meant = nearest(name, known);
    const mend = meant ? `Did you mean "${meant}"?` : `Known here: ${known.join(", ")}.`;
    report.error(place, `"${name}" is not known here.`, mend, "name");
  } else {
    const list = Array.isArray(at(value, place.slice(0, -1))) ? "an entry" : `"${name}"`;
    report.error(place, `${list} does not belong here.`, `Write ${around?.description ?? "another name"}.`, "name");
  }
}

function missing(place: Path, shape: Shape | undefined, report: Report): void {
  const name = String(place.at(-1));
  report.error(place, `"${name}" is missing.`, `Add ${name}: ${shape?.description ?? "a value"}.`, "name");
}

function unfit(place: Path, shape: Shape | undefined, value: unknown, report: Report): void {
  const found = at(value, place);
  const empty = found === "" || found === null || found === undefined;
  const what = empty
    ? "Nothing stands here."
    : typeof found === "object"
      ? "What stands here does not fit."
      : `${JSON.stringify(found)} does not fit here.`;
  report.error(place, what, `Write ${shape?.description ?? "another value"}.`);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[step] : undefined),
    value,
  );
}

/** A JSON pointer (RFC 6901) as a path. */
function pathOf(pointer: string): Path {
  const names = pointer.split("/").slice(1);
  return names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** How many steps into the data a schema path goes. */
function depthOf(schemaPath: string): number {
  return schemaPath.match(/\/(properties|patternProperties|items|additionalProperties)(?=\/|$)/g)?.length ?? 0;
}
