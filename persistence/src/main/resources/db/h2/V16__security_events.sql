-- Which events of the journal are listed as security events (ACC-8, TEL-9), newest first; what they say is read from the journal.
create table security_event (
  entity varchar(255) not null,
  sequence bigint not null,
  account_id varchar(200),
  event_name varchar(80) not null,
  at bigint not null,
  primary key (entity, sequence)
);
create index security_event_at on security_event (at, entity, sequence);
create index security_event_account on security_event (account_id, at, entity, sequence);
-- Calls of a person, by the blind name of the number.
create index call_index_caller on call_index (caller_blind, started_at, call_id);
insert into schema_reach (version, oldest) values (16, 11);
