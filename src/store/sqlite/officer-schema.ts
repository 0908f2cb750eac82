import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** In order; one that has been released is never changed, only followed by another. `record` is an OfficerRecord as JSON. */
export const officerMigrations: Readonly<Record<string, Migration>> = {
  "001-officers": {
    async up(db: Kysely<unknown>) {
      await sql`create table officer (
        id text primary key, extension text not null unique, name text not null, record text not null
      ) strict`.execute(db);
      await sql`create table absence (
        officer text primary key references officer (id) on delete cascade, reason text not null, until integer
      ) strict`.execute(db);
      await sql`create table synonym (district text, word text not null, means text not null) strict`.execute(db);
      await sql`create table word (
        word text not null, officer text not null references officer (id) on delete cascade, primary key (word, officer)
      ) strict, without rowid`.execute(db);
      await sql`create index word_officer on word (officer)`.execute(db);
    },
  },
};
