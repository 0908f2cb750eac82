/**
 * Our two applications at Asterisk, on one line. Callers who ring us, and agents' legs, are the one's. Channels that ring a number outside
 * are the other's: those are in the application from the beginning, not from their answer on, so that who picks up while no engine is
 * there stays; that they have answered is told by `Dial` events, which for agents' legs would be work for nothing.
 */
export interface Apps {
  readonly calls: string;
  readonly outside: string;
}

export const appsOf = (app: string): Apps => ({ calls: app, outside: `${app}-outside` });

/** Whoever is rung outside is in this bridge until they talk: who picks up hears the bed in it, whether an engine is there or not. */
export const bedBridge = "kl-bed";
