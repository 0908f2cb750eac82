import { createHash, randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { KontaktlotsError } from "../core/errors.ts";
import type { Account, Accounts, Role, Session } from "../store/accounts.ts";

/** A working day with overtime; then the person signs in again. */
const sessionMs = 12 * 3_600_000;
const cookie = "kontaktlots";

/** Who is signed in, by a random token of 256 bits in a cookie that no script can read. */
export class Sessions {
  readonly #accounts: Accounts;
  readonly #now: () => number;

  constructor(accounts: Accounts, now: () => number) {
    this.#accounts = accounts;
    this.#now = now;
  }

  /**
   * Signs a person in and sets the cookie; a session the browser had before ends.
   *
   * @throws LOGIN_FAILED
   */
  async begin(request: FastifyRequest, reply: FastifyReply, user: string, password: string): Promise<Account> {
    const account = await this.#accounts.checkPassword(user, password);
    if (account === undefined) {
      request.log.warn({ code: "LOGIN_FAILED", user, ip: request.ip }, "A log-in was refused.");
      throw new KontaktlotsError("LOGIN_FAILED", "User or password is wrong.", "Check both, and that Caps Lock is off.");
    }
    const token = randomBytes(32).toString("base64url");
    await this.end(request, reply);
    await this.#accounts.addSession({ tokenHash: hash(token), user: account.user, expiresAt: this.#now() + sessionMs });
    reply.setCookie(cookie, token, cookieOptions(request));
    return account;
  }

  /** The request's session, if it has one that holds. */
  async find(request: FastifyRequest): Promise<Session | undefined> {
    const tokenHash = hashOf(request);
    return tokenHash === undefined ? undefined : this.findByHash(tokenHash);
  }

  findByHash(tokenHash: string): Promise<Session | undefined> {
    return this.#accounts.findSession(tokenHash, this.#now());
  }

  /**
   * The request's session.
   *
   * @throws LOGIN_NEEDED, or ROLE_NEEDED when the person has none of `roles`
   */
  async need(request: FastifyRequest, ...roles: readonly Role[]): Promise<Session> {
    const session = await this.find(request);
    if (session === undefined) throw new KontaktlotsError("LOGIN_NEEDED", "You are not signed in.", "Sign in.");
    if (roles.length > 0 && !roles.some((role) => session.account.roles.includes(role))) {
      throw new KontaktlotsError("ROLE_NEEDED", `This needs the role ${roles.join(" or ")}.`, "Ask your administrator for it.");
    }
    return session;
  }

  /** Ends the request's session, if any, and takes the cookie back. Returns the hash of the token that no longer holds. */
  async end(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> {
    const tokenHash = hashOf(request);
    if (tokenHash !== undefined) await this.#accounts.endSession(tokenHash);
    reply.clearCookie(cookie, cookieOptions(request));
    return tokenHash;
  }
}

function cookieOptions(request: FastifyRequest) {
  return { path: "/", httpOnly: true, sameSite: "strict", secure: request.protocol === "https" } as const;
}

function hashOf(request: FastifyRequest): string | undefined {
  const token = request.cookies[cookie];
  return token ? hash(token) : undefined;
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
