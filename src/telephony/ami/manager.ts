import asteriskManager, { type AmiConnection, type AmiMessage } from "asterisk-manager";
import { KontaktlotsError } from "../../core/errors.ts";

export interface AmiAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

export interface AmiListener {
  /** Logged in; after a loss everything must be asked for again. */
  up(): void;
  event(event: AmiMessage): void;
  problem(error: KontaktlotsError): void;
}

const actionLimitMs = 5_000;
const longestPauseMs = 2_000;
const pingEveryMs = 10_000;

/**
 * The manager interface, behind a wall: the library under it lets a line break in a value start a second action, never
 * answers an action whose link was lost, writes to the console when it reconnects, and gives up for longer each time.
 * Here values are checked, every action settles, a link that is open and dead is noticed, and a fresh connection is made for ever.
 */
export class Ami {
  readonly #address: AmiAddress;
  readonly #listener: AmiListener;
  #connection: AmiConnection | undefined;
  #closed = false;
  #pauseMs = 50;
  #retry: NodeJS.Timeout | undefined;
  /** Ends a connection on which nobody logs us in; afterwards the next ping. */
  #look: NodeJS.Timeout | undefined;
  readonly #inFlight = new Set<(error: KontaktlotsError) => void>();

  constructor(address: AmiAddress, listener: AmiListener) {
    this.#address = address;
    this.#listener = listener;
    this.#connect();
  }

  /** Errors: AMI_BAD_VALUE, AMI_TIMEOUT (also when the link is or gets lost), AMI_REFUSED. */
  action(action: Readonly<Record<string, string>>): Promise<AmiMessage> {
    const name = action.action ?? "action";
    for (const [key, value] of Object.entries(action)) {
      if (!/^[A-Za-z]+$/.test(key) || /[\r\n\0]/.test(value)) {
        const message = `The value of ${JSON.stringify(key)} has a line break in it.`;
        return Promise.reject(
          new KontaktlotsError("AMI_BAD_VALUE", message, "Leave it out: a line break would start another action.", { key }),
        );
      }
    }
    const connection = this.#connection;
    if (!connection?.isConnected()) return Promise.reject(timedOut(name));
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        clearTimeout(limit);
        this.#inFlight.delete(fail);
        done();
      };
      const fail = (error: KontaktlotsError) => settle(() => reject(error));
      const limit = setTimeout(() => fail(timedOut(name)), actionLimitMs);
      this.#inFlight.add(fail);
      connection.action({ ...action }, (refusal, reply) => {
        if (refusal === undefined) return settle(() => resolve(reply ?? {}));
        const message = `Asterisk refused ${name}: ${String(refusal.message)}`;
        fail(new KontaktlotsError("AMI_REFUSED", message, "See Asterisk's log and manager.conf."));
      });
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#look);
    this.#drop();
  }

  #connect(): void {
    const { host, port, username, password } = this.#address;
    const connection = asteriskManager(undefined, host, username, password, true);
    this.#connection = connection;
    this.#look = setTimeout(() => this.#abandon(connection), actionLimitMs);
    // `login` reads its address from here; connecting by the constructor would leave no time to listen.
    connection.on("managerevent", (event: AmiMessage) => this.#listener.event(event));
    connection.on("close", () => this.#lost(connection));
    connection.connect(port, host, () => {
      connection.login((error?: unknown) => {
        if (connection !== this.#connection) return;
        if (error === undefined || error === null) {
          this.#pauseMs = 50;
          this.#pingSoon(connection);
          return this.#listener.up();
        }
        const message = "Asterisk refused our name or password for AMI.";
        this.#listener.problem(
          new KontaktlotsError("AMI_REFUSED", message, "Compare AMI_USER and AMI_PASSWORD with Asterisk's manager.conf."),
        );
        this.#abandon(connection);
      });
    });
  }

  /** Who is on the other side may have gone without a word: their machine, or the network between. */
  #pingSoon(connection: AmiConnection): void {
    if (connection !== this.#connection) return;
    clearTimeout(this.#look);
    this.#look = setTimeout(() => {
      this.action({ action: "Ping" }).then(
        () => this.#pingSoon(connection),
        (error: KontaktlotsError) => {
          // A refusal is a sign of life.
          if (error.code === "AMI_REFUSED") this.#pingSoon(connection);
          else this.#abandon(connection);
        },
      );
    }, pingEveryMs);
  }

  #abandon(connection: AmiConnection): void {
    if (connection !== this.#connection) return;
    this.#drop();
    this.#lost(connection);
  }

  #drop(): void {
    const connection = this.#connection;
    if (!connection) return;
    connection.removeAllListeners("managerevent");
    connection.disconnect();
  }

  #lost(connection: AmiConnection): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    clearTimeout(this.#look);
    for (const fail of [...this.#inFlight]) fail(timedOut("an action"));
    if (this.#closed) return;
    this.#retry = setTimeout(() => this.#connect(), this.#pauseMs);
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }
}

function timedOut(name: string): KontaktlotsError {
  return new KontaktlotsError(
    "AMI_TIMEOUT",
    `Asterisk's manager interface gave no answer to ${name}.`,
    "It is tried again by itself; look whether Asterisk runs.",
  );
}
