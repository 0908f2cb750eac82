import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** The tables as Kysely types them. Lists and competence are JSON. */
export interface AccountTables {
  agent: { id: string; name: string; competence: string; webrtc_secret: string; desk_secret: string };
  user: { user: string; name: string; roles: string; agent: string | null; password_hash: string };
  pin: { user: string; hash: string };
  session: { token_hash: string; user: string; created_at: number; last_seen_at: number; expires_at: number };
}

/** In order; one that has been released is never changed, only followed by another. */
export const accountMigrations: Readonly<Record<string, Migration>> = {
  "001-accounts": {
    async up(db: Kysely<unknown>) {
      await sql`create table agent (
        id text primary key, name text not null, groups text not null, webrtc_secret text not null, desk_secret text not null
      ) strict`.execute(db);
      await sql`create table user (
        user text primary key, name text not null, roles text not null, agent text references agent (id), password_hash text not null
      ) strict`.execute(db);
      await sql`create table session (
        token_hash text primary key, user text not null references user (user) on delete cascade,
        created_at integer not null, last_seen_at integer not null, expires_at integer not null
      ) strict`.execute(db);
      await sql`create index session_expires_at on session (expires_at)`.execute(db);
    },
  },
  "002-competence": {
    async up(db: Kysely<unknown>) {
      await sql`alter table agent rename column groups to competence`.execute(db);
      // Who had only groups becomes what src/store/competence.ts calls a newcomer.
      await sql`update agent set competence = json_object(
        'skills', json((
          select json_group_array(json_object('group', value, 'level', 3, 'line', 1)) from json_each(agent.competence)
        )),
        'languages', json_object('sv', 'native', 'en', 'good'), 'districts', json_array(), 'site', ''
      )`.execute(db);
    },
  },
  "003-pin": {
    async up(db: Kysely<unknown>) {
      await sql`create table pin (
        user text primary key references user (user) on delete cascade, hash text not null
      ) strict`.execute(db);
    },
  },
};
