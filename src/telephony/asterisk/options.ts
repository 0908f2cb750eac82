/** What `asterisk-config/provision.sh` found or set up. */
export type AsteriskLaunch = {
  /** Path of the program that starts Asterisk; it keeps the process id (exec). */
  readonly asterisk: string;
  readonly version: string;
  readonly moduleDir: string;
  readonly dataDir: string;
  /** Programs that make prompts. */
  readonly espeakNg: string;
  readonly sox: string;
  /** The user Asterisk runs as when root starts it. */
  readonly user: string;
  /** Where things that can be made again are kept. */
  readonly cacheDir: string;
};

/** An agent's telephones. Without `webrtcSecret` there is no `a-<id>`; without desk secret and contact no `d-<id>`. */
export type AgentPhones = {
  readonly id: string;
  readonly webrtcSecret?: string;
  readonly deskSecret?: string;
  /** A desk phone that does not register, such as `sip:127.0.0.1:5070`. */
  readonly staticContact?: string;
};

/**
 * A telephone of the reserve group: the name of an endpoint that exists (`d-anna`), a number in the telephone network, or one of
 * its own (`reserve-1`, …).
 */
export type ReservePhone = string | { readonly secret?: string; readonly staticContact?: string };

export type InstanceOptions = {
  /** The instance's own folder, absolute, at most 80 bytes (a Unix socket lies in it). */
  readonly dir: string;
  readonly launch: AsteriskLaunch;
  readonly ports: { readonly sip: number; readonly http: number; readonly ami: number };
  /** UDP ports of the media, both included; two a leg. */
  readonly rtp: { readonly start: number; readonly end: number };
  /** Where ARI, AMI and the browsers' WebSocket listen. Default 127.0.0.1, and there is little reason for another. */
  readonly bind?: string;
  /** Where SIP listens, and sound comes and goes: 0.0.0.0, or an address of the machine. Default: as `bind`. */
  readonly sipBind?: string;
  /** Where the telephone network calls from (default 127.0.0.2), and where calls to it go (default: the first of those). */
  readonly trunk?: { readonly addresses: readonly string[]; readonly contact?: string };
  readonly agents: readonly AgentPhones[];
  /** The demo citizen's telephone in the browser: endpoint `citizen`, lands where calls from the network land. */
  readonly citizen?: { readonly secret: string; readonly number: string };
  readonly reserve?: readonly ReservePhone[];
  /** Seconds without a sound packet after which a leg is hung up. Default 30; 0 never. */
  readonly rtpTimeoutSeconds?: number;
  /** Where prompts are read from. Default `<dir>/sounds`. */
  readonly soundsDir?: string;
  /** Name of the ARI application. Default kontaktlots. */
  readonly app?: string;
  /** For benches: more modules, files in `etc/`, and dialplan. */
  readonly extra?: {
    readonly modules?: readonly string[];
    readonly files?: Readonly<Record<string, string>>;
    readonly dialplan?: string;
  };
};
