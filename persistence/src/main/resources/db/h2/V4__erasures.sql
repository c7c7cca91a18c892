-- Who was erased (by blind names), and who may not be (PRV-2, PRV-9). Beside the journal, apart from the keys: a restored copy of
-- the keys is brought up to date from here. data_class 0: everything.
create table erasure (
  number bigint primary key,
  subject varchar(200) not null,
  data_class integer not null,
  period varchar(16),
  erased_at bigint not null,
  erased_by varchar(200) not null,
  reason varchar(1000) not null
);
create table legal_hold (
  subject varchar(200) not null,
  data_class integer not null,
  held_at bigint not null,
  held_by varchar(200) not null,
  reason varchar(1000) not null,
  primary key (subject, data_class)
);
