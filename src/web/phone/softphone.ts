import type { UserAgentOptions } from "sip.js";
import { Inviter, Registerer, RegistererState, UserAgent } from "sip.js";
import type { PhoneReply } from "../../api/contract.ts";
import { retryLater } from "../client/backoff.ts";
import { codeOf } from "../client/http.ts";
import { Store } from "../client/store.ts";
import { mediaOptions, Talk, type TalkState } from "./talk.ts";

/** Whether this telephone can be rung and can ring. */
export interface PhoneState {
  readonly link: "off" | "connecting" | "ready" | "lost";
  /** Since when the link is lost, ms of this machine's clock. */
  readonly lostAt: number | null;
  /** Error code of the last try to connect, e.g. PHONE_REFUSED or LOGIN_NEEDED. */
  readonly problem: string | null;
  /** Error code of the last call, when it failed here. */
  readonly callProblem: string | null;
  /** The call at this telephone, if any, for what one does with it; and how it stands. */
  readonly talk: Talk | null;
  readonly call: TalkState | null;
}

export interface SoftphoneOptions {
  /** Reads user and password; read anew at every start, so that changed secrets heal by themselves. */
  readonly credentials: () => Promise<PhoneReply>;
  /** Register to be rung; a phone that only rings others need not. */
  readonly register: boolean;
  readonly audio: HTMLAudioElement;
}

/** Registration is renewed at half this time, s: a dead line is found within a minute even if nothing closed it. */
const expiresS = 120;

/**
 * A SIP telephone in the browser (sip.js over our own /ws). Comes back for ever when the line is lost.
 *
 *   off ─start→ connecting ─registered→ ready ─WebSocket closed | REGISTER failed→ lost ─retry→ ready
 *
 * While a call is going on the same SIP user agent is kept and only its WebSocket is opened anew, since the sound does not
 * pass through it; without a call everything is made afresh, credentials included.
 */
export class Softphone extends Store<PhoneState> {
  readonly #options: SoftphoneOptions;
  #agent: UserAgent | undefined;
  #registerer: Registerer | undefined;
  #attempt = 0;
  /** Counts starts and stops, so that what an earlier one left under way does nothing more. */
  #run = 0;
  #cancelRetry = () => {};

  constructor(options: SoftphoneOptions) {
    super({ link: "off", lostAt: null, problem: null, callProblem: null, talk: null, call: null });
    this.#options = options;
  }

  start(): void {
    if (this.get().link !== "off") return;
    this.patch({ link: "connecting", problem: null });
    window.addEventListener("pagehide", this.#leave);
    void this.#connect(++this.#run);
  }

  /** Lets go of the telephone: no new call comes here. A call that is going on stays until it is hung up. */
  async stop(): Promise<void> {
    const run = ++this.#run;
    this.#cancelRetry();
    window.removeEventListener("pagehide", this.#leave);
    const { talk } = this.get();
    this.patch({ link: "off", lostAt: null, problem: null });
    talk?.drop();
    await this.#unregister();
    if (talk?.get().phase === "talking") await new Promise<void>((resolve) => this.#whenEnded(talk, resolve));
    if (run === this.#run) await this.#dispose();
  }

  /** Rings `number` with further headers ("Name: value"). */
  async call(number: string, headers: readonly string[] = []): Promise<void> {
    const agent = this.#agent;
    const target = agent && UserAgent.makeURI(`sip:${number}@${agent.configuration.uri.host}`);
    if (agent === undefined || target === undefined || this.get().talk !== null) return;
    const talk = this.#carry(new Inviter(agent, target, { ...mediaOptions, extraHeaders: [...headers] }));
    await talk.dial();
  }

  async #connect(run: number): Promise<void> {
    try {
      const talking = this.get().talk?.get().phase === "talking";
      if (this.#agent === undefined || !talking) await this.#makeAgent(run);
      if (run !== this.#run || this.#agent === undefined) return;
      if (talking) await this.#agent.reconnect();
      else await this.#agent.start();
      if (this.#options.register) await this.#register(run, this.#agent);
      else this.#ready(run);
      if (talking) await this.get().talk?.refresh();
    } catch (cause) {
      this.#lost(run, codeOf(cause));
    }
  }

  async #makeAgent(run: number): Promise<void> {
    await this.#dispose();
    const { user, domain, password, path } = await this.#options.credentials();
    if (run !== this.#run) return;
    const options: UserAgentOptions = {
      authorizationUsername: user,
      authorizationPassword: password,
      delegate: {
        onInvite: (invitation) => {
          // One line only: the engine never offers two calls, and whoever else rings hears "busy".
          if (this.get().talk === null && this.get().link !== "off") this.#carry(invitation);
          else void invitation.reject({ statusCode: 486 });
        },
        onDisconnect: (error) => error && this.#lost(this.#run, "LINE_LOST"),
      },
      // We take the registration back and hang up ourselves; a line that is lost cannot be waited for.
      gracefulShutdown: false,
      logLevel: "error",
      logBuiltinEnabled: false,
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
      transportOptions: { server: new URL(path, location.origin.replace("http", "ws")).href, keepAliveInterval: 20 },
    };
    const uri = UserAgent.makeURI(`sip:${user}@${domain}`);
    this.#agent = new UserAgent(uri === undefined ? options : { ...options, uri });
  }

  /** Resolves when registered, rejects when refused. Later losses of the registration count as a lost line. */
  async #register(run: number, agent: UserAgent): Promise<void> {
    const registerer = this.#registerer ?? new Registerer(agent, { expires: expiresS, refreshFrequency: 50 });
    if (this.#registerer === undefined) {
      this.#registerer = registerer;
      registerer.stateChange.addListener((state) => {
        if (registerer !== this.#registerer) return;
        if (state === RegistererState.Registered) this.#ready(this.#run);
        if (state === RegistererState.Unregistered) this.#lost(this.#run, "PHONE_REFUSED");
      });
    }
    await registerer.register({
      requestDelegate: {
        onAccept: () => this.#ready(run),
        onReject: () => this.#lost(run, "PHONE_REFUSED"),
      },
    });
  }

  /** Takes the registration back; gives up after 2 s, since it lapses by itself. */
  async #unregister(): Promise<void> {
    const registerer = this.#registerer;
    this.#registerer = undefined;
    if (registerer === undefined) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 2000);
      const requestDelegate = { onAccept: () => resolve(), onReject: () => resolve() };
      registerer.unregister({ requestDelegate }).catch(() => resolve());
    });
  }

  #ready(run: number): void {
    if (run !== this.#run) return;
    this.#attempt = 0;
    this.patch({ link: "ready", lostAt: null, problem: null });
  }

  #lost(run: number, problem: string): void {
    if (run !== this.#run) return;
    const { lostAt, talk } = this.get();
    // A call that only rings cannot be answered any more; one that is talked goes on without the line.
    talk?.drop();
    this.patch({ link: "lost", lostAt: lostAt ?? Date.now(), problem });
    this.#cancelRetry();
    const next = ++this.#run;
    this.#cancelRetry = retryLater(this.#attempt++, () => void this.#connect(next));
  }

  #carry(session: ConstructorParameters<typeof Talk>[0]): Talk {
    const talk = new Talk(session, this.#options.audio);
    this.patch({ talk, call: talk.get(), callProblem: null });
    const release = talk.subscribe(() => this.patch({ call: talk.get() }));
    this.#whenEnded(talk, () => {
      release();
      this.patch({ talk: null, call: null, callProblem: talk.get().problem });
    });
    return talk;
  }

  #whenEnded(talk: Talk, then: () => void): void {
    const release = talk.subscribe(() => {
      if (talk.get().phase !== "ended") return;
      release();
      then();
    });
  }

  async #dispose(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    this.#registerer = undefined;
    await agent?.stop().catch(() => {});
  }

  /** The page goes away: a goodbye now saves the caller half a minute of silence. The registration goes with the WebSocket. */
  readonly #leave = (): void => {
    void this.get().talk?.hangUp();
  };
}
