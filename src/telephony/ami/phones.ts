import { parseLegId } from "../../core/call/ids.ts";
import type { KontaktlotsError } from "../../core/errors.ts";
import type { Phones } from "../../core/events.ts";
import { Ami, type AmiAddress } from "./manager.ts";

export interface PhonesListener {
  /** An agent's phones changed; also said once for each agent that has one when the line comes. */
  phones(agent: string, phones: Phones): void;
  /** A key goes down in a call; ARI tells it first when it is let go. */
  keyDown(call: string): void;
  problem(error: KontaktlotsError): void;
}

export interface PhoneWatch {
  close(): void;
}

/** A contact in one of these states cannot be rung. */
const gone = new Set(["Removed", "Unreachable", "Unknown"]);

/**
 * Watches which agents' phones are registered: endpoint `a-<agent>` is the browser, `d-<agent>` the desk phone. All endpoints
 * are read when the line comes (`PJSIPShowContacts` would leave out phones with a fixed address), after which each change is
 * told by Asterisk (AMI `ContactStatus`). The same line tells of keys going down (AMI `DTMFBegin`).
 */
export function watchPhones(address: AmiAddress, listener: PhonesListener): PhoneWatch {
  const contacts = new Map<string, Set<string>>();
  const told = new Map<string, Phones>();

  const ami = new Ami(address, {
    up() {
      contacts.clear();
      list();
    },
    event(event) {
      const name = event.event;
      // An Asterisk that has just started takes the line before it knows where its phones are.
      if (name === "FullyBooted") list();
      else if (name === "EndpointList") listed(String(event.objectname), String(event.contacts ?? ""), String(event.devicestate));
      else if (name === "EndpointListComplete") for (const endpoint of [...contacts.keys()]) tell(agentOf(endpoint));
      else if (name === "ContactStatus") {
        const endpoint = String(event.endpointname);
        contact(endpoint, String(event.uri), String(event.contactstatus));
        tell(agentOf(endpoint));
      } else if (name === "DTMFBegin") {
        const channel = String(event.uniqueid);
        if (!parseLegId(channel)) listener.keyDown(channel);
      }
    },
    problem: listener.problem,
  });

  function list(): void {
    ami.action({ action: "PJSIPShowEndpoints" }).catch(listener.problem);
  }

  /** `contacts`: `d-anna/sip:127.0.0.1:5070,` */
  function listed(endpoint: string, all: string, state: string): void {
    const uris = all.split(",").filter((one) => one !== "");
    const reachable = state !== "Unavailable" && state !== "Invalid";
    // After its own restart Asterisk knows where a phone was, and asks it within seconds. Asked to, it asks at once, and tells.
    if (!reachable && uris.length > 0) ami.action({ action: "PJSIPQualify", endpoint }).catch(listener.problem);
    contacts.set(endpoint, new Set(reachable ? uris.map((one) => one.slice(one.indexOf("/") + 1)) : []));
  }

  function contact(endpoint: string, uri: string, status: string): void {
    const uris = contacts.get(endpoint) ?? new Set();
    contacts.set(endpoint, uris);
    if (gone.has(status)) uris.delete(uri);
    else uris.add(uri);
  }

  function tell(agent: string): void {
    if (agent === "") return;
    const has = (kind: string) => (contacts.get(`${kind}-${agent}`)?.size ?? 0) > 0;
    const phones: Phones = { browser: has("a"), desk: has("d") };
    const before = told.get(agent);
    if (before?.browser === phones.browser && before.desk === phones.desk) return;
    told.set(agent, phones);
    listener.phones(agent, phones);
  }

  return { close: () => ami.close() };
}

/** `a-anna` → `anna`; anything that is no agent's phone → "". */
function agentOf(endpoint: string): string {
  return /^[ad]-(.+)$/.exec(endpoint)?.[1] ?? "";
}
