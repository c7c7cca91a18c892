-- Keys to personal data, wrapped under the master key; nobody's until assigned. A destroyed key leaves its name, so that
-- what was erased can be told from what was lost. Times are microseconds since 1970 (UTC).
create table data_key (
  key_id varchar(32) primary key,
  wrapped bytea,
  made_at bigint not null,
  made_by varchar(64) not null,
  subject varchar(200),
  data_class integer,
  period varchar(16),
  destroyed_at bigint
);
create index data_key_subject on data_key (subject, data_class, period);
create index data_key_destroyed on data_key (destroyed_at);
