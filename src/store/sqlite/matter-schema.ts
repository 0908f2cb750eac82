import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { makeOutbox } from "./outbox-schema.ts";

/** In order; one that has been released is never changed, only followed by another. */
export const matterMigrations: Readonly<Record<string, Migration>> = {
  "001-matters": {
    async up(db: Kysely<unknown>) {
      await sql`create table matter (
        number text primary key, code text not null, kind text not null, status text not null, created_at integer not null,
        owner_group text not null, officer text, caller text, call text not null, recording integer, ms integer, sound text
      ) strict`.execute(db);
      await sql`create index matter_awaited on matter (number) where sound = 'awaited'`.execute(db);
      await sql`create index matter_open on matter (number) where status <> 'done'`.execute(db);
      await sql`create table letter (
        id integer primary key, matter text not null references matter (number), receiver text not null,
        due integer not null, failures integer not null
      ) strict`.execute(db);
      await sql`create index letter_due on letter (due)`.execute(db);
      await sql`create table followed (position integer not null) strict`.execute(db);
      await sql`insert into followed values (0)`.execute(db);
      await sql`create table wrong_code (
        matter text primary key references matter (number), count integer not null, since integer not null
      ) strict`.execute(db);
    },
  },
  // Numbers and codes that callers were told before the front has made their matters.
  "002-reserved": {
    async up(db: Kysely<unknown>) {
      await sql`create table reserved (
        call text not null, recording integer not null, number text not null unique, code text not null,
        primary key (call, recording)
      ) strict, without rowid`.execute(db);
      await sql`create index matter_recording on matter (call, recording) where recording is not null`.execute(db);
    },
  },
  "003-outbox": {
    async up(db: Kysely<unknown>) {
      await makeOutbox(db);
      await sql`insert into outbox select matter, receiver, due, failures from letter`.execute(db);
      await sql`drop table letter`.execute(db);
    },
  },
};
