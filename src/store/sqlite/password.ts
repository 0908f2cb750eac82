/**
 * Passwords are kept as argon2id hashes with 19 MiB of memory and two passes, the least that OWASP's password storage
 * cheat sheet asks for. The native library is loaded at the first use: most processes that open accounts never need it.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
let nobody: Promise<string> | undefined;

export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import("@node-rs/argon2");
  return hash(password.normalize("NFC"), cost);
}

/** Without a hash, as when there is no such user, the same work is done all the same, and the answer is false. */
export async function passwordFits(hash: string | undefined, password: string): Promise<boolean> {
  const { verify } = await import("@node-rs/argon2");
  nobody ??= hashPassword("nobody has this password");
  const fits = await verify(hash ?? (await nobody), password.normalize("NFC"));
  return fits && hash !== undefined;
}
