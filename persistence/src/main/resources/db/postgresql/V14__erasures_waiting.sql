-- Erasures that were asked for and are kept back by a legal hold or by law (PRV-9): they are done when nothing keeps them any more.
create table erasure_waiting (
  subject varchar(200) not null,
  data_class integer not null,
  asked_at bigint not null,
  asked_by varchar(200) not null,
  reason varchar(1000) not null,
  primary key (subject, data_class)
);
insert into schema_reach (version, oldest) values (14, 11);
