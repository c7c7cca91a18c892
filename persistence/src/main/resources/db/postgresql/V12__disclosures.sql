-- Who asked for whose data in which case, who agreed, and what was given out (CMP-7): a signed note each. Never changed.
create table disclosure (
  number bigint primary key,
  note text not null,
  made_at bigint not null
);
insert into schema_reach (version, oldest) values (12, 11);
