import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { makeOutbox } from "./outbox-schema.ts";

/** In order; one that has been released is never changed, only followed by another. */
export const surveyMigrations: Readonly<Record<string, Migration>> = {
  "001-surveys": {
    async up(db: Kysely<unknown>) {
      await sql`create table survey (
        call text primary key, owner_group text not null, language text not null, questions text not null,
        receiver text, due integer, failures integer not null, token text unique, expires integer not null, used integer not null
      ) strict, without rowid`.execute(db);
      await sql`create index survey_due on survey (due) where due is not null`.execute(db);
      await sql`create index survey_expires on survey (expires)`.execute(db);
      await sql`create table followed (position integer not null) strict`.execute(db);
      await sql`insert into followed values (0)`.execute(db);
    },
  },
  "002-outbox": {
    async up(db: Kysely<unknown>) {
      await makeOutbox(db);
      await sql`insert into outbox select call, receiver, due, failures from survey where due is not null`.execute(db);
      await sql`drop index survey_due`.execute(db);
      for (const column of ["receiver", "due", "failures"])
        await sql`alter table survey drop column ${sql.ref(column)}`.execute(db);
    },
  },
};
