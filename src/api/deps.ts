import type { Logger } from "pino";
import type { Language, Plan } from "../core/plan/plan.ts";
import type { LinkClient } from "../engine/link-client.ts";
import type { GroupFigures, StatisticsQuery, StatisticsReply } from "../stats/report.ts";
import type { Accounts, Directory } from "../store/accounts.ts";
import type { MatterStore } from "../store/matter-port.ts";
import type { OfficerDirectory } from "../store/officer-port.ts";
import type { SurveyStore } from "../store/survey-port.ts";
import type { DemoReply } from "./contract.ts";

/** Figures computed from the log, as `logFigures` of src/stats does. */
export interface Figures {
  statistics(query: StatisticsQuery): Promise<StatisticsReply>;
  /** Since midnight of the city's time, per group and for the city ("*"). */
  today(): Promise<readonly GroupFigures[]>;
}

/** What phones in the browser register with. */
export interface PhoneSecrets {
  /** undefined: this agent has no phone in the browser. */
  agent(id: string): Promise<string | undefined>;
  citizen(): Promise<string | undefined>;
}

/** What citizens and agents may see of the demo. */
export interface Demo {
  logins(): Promise<DemoReply["logins"]>;
}

/** What announcements are made of, before the engine has them. */
export interface AnnouncementDesk {
  /** The text as a voice says it: a WAV file. Errors: PROMPT_FAILED. */
  preview(text: string, language: Language): Promise<Buffer>;
  /** Keeps a recording for the engine, and names it. */
  keep(recording: Buffer): Promise<string>;
}

/** Everything the front is made of. */
export interface FrontDeps {
  readonly log: Logger;
  readonly link: LinkClient;
  readonly accounts: Accounts;
  readonly agents: Directory;
  readonly plan: Plan;
  readonly figures: Figures;
  readonly announcements: AnnouncementDesk;
  readonly matters: Pick<MatterStore, "list" | "find" | "setStatus">;
  readonly officers: Pick<OfficerDirectory, "find">;
  readonly surveys: Pick<SurveyStore, "find" | "use" | "reopen">;
  /** Folder of the messages' sound. */
  readonly recordingsDir: string;
  readonly phones: PhoneSecrets;
  /** undefined: the demo is off. */
  readonly demo: Demo | undefined;
  /** Asterisk's HTTP server, "http://127.0.0.1:8088", of which `/ws` alone is passed on. */
  readonly asteriskUrl: string;
  /** SIP domain of the browser phones. */
  readonly sipDomain: string;
  /** Addresses of proxies whose X-Forwarded-… headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Folder of the built pages. */
  readonly webDir: string;
  /** ms since the epoch. Default Date.now. */
  readonly now?: () => number;
  /** How often live pages are shown to be alive, and looked at whether they are, ms. Default 10,000. */
  readonly beatMs?: number;
}
