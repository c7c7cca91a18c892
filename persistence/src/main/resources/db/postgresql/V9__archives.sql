-- Files that finished entities were moved to (AUD-7), a signed note each, and which entity is in which.
create table archive (
  number bigint primary key,
  note text not null,
  made_at bigint not null
);
create table archived_entity (
  entity varchar(255) primary key,
  archive bigint not null
);
