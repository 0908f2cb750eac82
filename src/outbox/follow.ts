import type { Fact, FactType } from "../core/facts.ts";
import type { LogReader } from "../store/event-log.ts";

/** Whose store takes over what comes of some facts of the log. */
export interface Follower<F extends FactType, Item> {
  readonly reader: LogReader;
  readonly store: {
    /** The log's entry up to which everything has been taken over. */
    position(): Promise<number>;
    /** Items and the new position, all or nothing; nothing when it has been there. */
    take(position: number, items: readonly Item[]): Promise<unknown>;
  };
  readonly types: readonly F[];
  /** undefined: nothing comes of this one. */
  readonly made: (fact: Extract<Fact, { type: F }>) => Promise<Item | undefined>;
}

/**
 * Takes over what the log has come to hold since the last time. Each fact once, whoever looks and however often: the position in the
 * log is kept with what is made, in the same transaction. Errors: STORE_FAILED, STORE_FULL.
 */
export async function followLog<F extends FactType, Item>({ reader, store, types, made }: Follower<F, Item>): Promise<void> {
  const after = await store.position();
  for await (const page of reader.read({ sort: "fact", types, after })) {
    const items = await Promise.all(page.map(({ json }) => made(JSON.parse(json) as Extract<Fact, { type: F }>)));
    await store.take(
      page.at(-1)?.seq ?? after,
      items.filter((item) => item !== undefined),
    );
  }
}
