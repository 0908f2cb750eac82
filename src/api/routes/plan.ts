import type { App } from "../app.ts";
import type { PlanReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";

/** GET /api/plan: the city, its numbers, menus, groups, districts, and the languages it helps in. */
export function addPlan(app: App, { plan }: FrontDeps): void {
  app.get(
    "/api/plan",
    async (): Promise<PlanReply> => ({
      city: plan.city,
      numbers: plan.numbers.map(({ number, name }) => ({ number, name })),
      groups: Object.values(plan.groups).map(({ id, name }) => ({ id, name })),
      districts: plan.districts,
      menus: Object.values(plan.nodes).flatMap(({ kind, id, label }) => (kind === "menu" ? [{ id, name: label }] : [])),
      spoken: plan.languages,
      languages: plan.agentLanguages,
    }),
  );
}
