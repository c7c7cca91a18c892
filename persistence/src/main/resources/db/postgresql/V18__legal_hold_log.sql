-- Every legal hold that was put on and taken off (PRV-9, AUD-1), in order: the journal follows it.
create table legal_hold_log (
  number bigint primary key,
  placed boolean not null,
  subject varchar(200) not null,
  data_class integer not null,
  noted_at bigint not null,
  noted_by varchar(200) not null,
  reason varchar(1000) not null
);
insert into schema_reach (version, oldest) values (18, 11);
