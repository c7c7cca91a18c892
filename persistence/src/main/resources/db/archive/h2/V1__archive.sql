-- Events of finished entities that left the journal (AUD-7), with the place they had in it: read by the same statements.
create table "event_journal" (
  "txid" bigint not null,
  "ordering" bigint not null,
  "deleted" boolean default false not null,
  "persistence_id" varchar(255) not null,
  "sequence_number" bigint not null,
  "event_ser_manifest" varchar(255) not null,
  "event_payload" varbinary(100000000) not null,
  primary key ("persistence_id", "sequence_number")
);
create unique index event_place on "event_journal" ("txid", "ordering");
-- What is signed of it: one row.
create table archive_note (
  note varchar(10000) not null
);
