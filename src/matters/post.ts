/** A letter as a mail server takes it. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for the same letter, so that one sent twice is shown once. */
  readonly id: string;
}

/** What carries letters: the port. */
export interface Post {
  /** Resolves when the server has taken it. Errors: MAIL_FAILED. */
  send(mail: Mail): Promise<void>;
  close(): void;
}
