import type { AgentPhones, InstanceOptions, ReservePhone } from "./options.ts";
import { checked } from "./template.ts";

/** The text of `pjsip-agents.conf`: each agent's browser telephone `a-<id>` and desk phone `d-<id>`. */
export function renderAgents(agents: readonly AgentPhones[]): string {
  return agents.map(renderAgent).join("\n");
}

function renderAgent(agent: AgentPhones): string {
  const id = checked("name", agent.id, "An agent's id");
  const blocks: string[] = [];
  if (agent.webrtcSecret !== undefined) blocks.push(browserPhone(`a-${id}`, agent.webrtcSecret, "from-agent"));
  if (agent.deskSecret !== undefined || agent.staticContact !== undefined) {
    blocks.push(deskPhone(`d-${id}`, agent.deskSecret, agent.staticContact));
  }
  return blocks.join("\n");
}

/** The demo citizen's telephone, or nothing. */
export function renderCitizen(citizen: InstanceOptions["citizen"]): string {
  if (citizen === undefined) return "";
  const number = checked("number", citizen.number, "The citizen's number");
  return browserPhone("citizen", citizen.secret, "from-network", [`callerid = <${number}>`]);
}

/** The reserve group's own telephones, and the string that rings all of them at once ("" when there are none). */
export function renderReserve(reserve: readonly ReservePhone[]): { endpoints: string; dial: string } {
  const names: string[] = [];
  const blocks: string[] = [];
  for (const phone of reserve) {
    if (typeof phone === "string" && numberLike.test(phone)) {
      names.push(`${checked("number", phone, "A reserve telephone")}@trunk`);
    } else if (typeof phone === "string") {
      names.push(checked("name", phone, "A reserve telephone"));
    } else {
      const name = `reserve-${names.length + 1}`;
      names.push(name);
      blocks.push(deskPhone(name, phone.secret, phone.staticContact));
    }
  }
  return { endpoints: blocks.join("\n"), dial: names.map((name) => `PJSIP/${name}`).join("&") };
}

const numberLike = /^\+?[0-9]+$/;

/** Who the telephone network is, and where calls to it go. */
export function renderTrunk({ addresses, contact }: NonNullable<InstanceOptions["trunk"]>): { match: string; contact: string } {
  const lines = addresses.map((address) => `match = ${checked("address", address, "A trunk address")}`);
  // A whole network is nowhere to call to.
  const single = addresses.find((address) => !address.includes("/"));
  const to = contact ?? (single && `sip:${single.includes(":") ? `[${single}]` : single}:5060`);
  return {
    match: lines.join("\n"),
    contact: to === undefined ? "" : `contact = ${checked("contact", to, "The trunk's contact")}`,
  };
}

function browserPhone(name: string, secret: string, context: string, more: readonly string[] = []): string {
  return [
    `[${name}](browser)`,
    `context = ${context}`,
    `auth = ${name}`,
    `aors = ${name}`,
    ...more,
    login(name, secret),
    `[${name}](browser-place)`,
    "",
  ].join("\n");
}

function deskPhone(name: string, secret: string | undefined, contact: string | undefined): string {
  const lines = [`[${name}](desk)`, `aors = ${name}`];
  if (secret !== undefined) lines.push(`auth = ${name}`);
  // Without a secret nobody may call in under this name: the context refuses whatever comes.
  if (secret !== undefined) lines.push(login(name, secret));
  if (contact === undefined) lines.push(`[${name}](desk-place)`);
  else lines.push(`[${name}](static-place)`, `contact = ${checked("contact", contact, `The contact of ${name}`)}`);
  return [...lines, ""].join("\n");
}

function login(name: string, secret: string): string {
  return [
    `[${name}]`,
    "type = auth",
    "auth_type = userpass",
    `username = ${name}`,
    `password = ${checked("secret", secret, `The secret of ${name}`)}`,
  ].join("\n");
}
