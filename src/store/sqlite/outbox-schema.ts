import { type Kysely, sql } from "kysely";

/** A part of the migrations of each store that has an outbox: so it is never changed. Table `followed` is there before. */
export async function makeOutbox(db: Kysely<unknown>): Promise<void> {
  await sql`create table outbox (
    key text primary key, receiver text not null, due integer not null, failures integer not null
  ) strict, without rowid`.execute(db);
  await sql`create index outbox_due on outbox (due)`.execute(db);
}
