-- Signed checkpoints over the journal (AUD-2): the signed note, and the packed list of what is new in it. Never changed.
create table checkpoint (
  number bigint primary key,
  note varchar(8000) not null,
  segment varbinary not null,
  made_at bigint not null
);
-- The snapshots stored since the last checkpoint.
create index snapshot_created on "snapshot" ("created");
