import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** The log's migrations, in order; one that has been released is never changed, only followed by another. */
export const logMigrations: Readonly<Record<string, Migration>> = {
  "001-log": {
    async up(db: Kysely<unknown>) {
      await sql`create table entry (
        seq integer primary key, at integer not null, sort text not null, type text not null, call text, json text not null
      ) strict`.execute(db);
      // Facts are looked for by type and time, inputs only ever in order: so they stay out of this index.
      await sql`create index entry_type_at on entry (type, at) where sort = 'fact'`.execute(db);
      await sql`create index entry_call on entry (call) where call is not null`.execute(db);
      await sql`create table snapshot (seq integer primary key, json text not null) strict`.execute(db);
      await sql`create table degraded (
        began_at integer not null, ended_at integer not null, code text not null, message text not null,
        first_seq integer not null, last_seq integer not null
      ) strict`.execute(db);
    },
  },
};
