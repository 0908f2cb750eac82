import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { hiddenKeys, keyEntries, secretNodes } from "../old-keys.ts";

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
  // PINs and codes of before they were hidden. All but the newest snapshot go: they may have been taken amid a code.
  "002-hidden-keys": {
    async up(db: Kysely<unknown>) {
      const plans = await sql<{ json: string }>`select json from entry where sort = 'input' and type = 'plan.set'`.execute(db);
      const nodes = secretNodes(plans.rows.map(({ json }) => json));
      if (nodes.size === 0) return;
      const calls = await sql<{ call: string }>`select distinct call from entry
        where sort = 'fact' and type = 'call.menu' and json_extract(json, '$.node') in (${sql.join([...nodes])})`.execute(db);
      for (const { call } of calls.rows) {
        const entries = await sql<{ seq: number; type: string; json: string }>`select seq, type, json from entry
          where call = ${call} and type in (${sql.join([...keyEntries])}) order by seq`.execute(db);
        for (const [seq, json] of hiddenKeys(entries.rows, nodes))
          await sql`update entry set json = ${json} where seq = ${seq}`.execute(db);
      }
      await sql`delete from snapshot where seq not in (select max(seq) from snapshot)`.execute(db);
    },
  },
};
