-- Events that a reader of the feed could not apply: the first one of each entity, and how many of it wait behind. The feed goes on.
create table parked_event (
  reader varchar(64) not null,
  entity varchar(255) not null,
  sequence bigint not null,
  txid bigint not null,
  ordering bigint not null,
  reason varchar(200) not null,
  parked_at bigint not null,
  waiting bigint not null,
  primary key (reader, entity)
);
