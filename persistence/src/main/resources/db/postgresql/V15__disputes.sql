-- One row a dispute (DSP-4), from its filing on. Made from the journal; an older build passes over disputes, so one that wrote these tables after a
-- newer build had is followed by `tandem audit rebuild`.
create table dispute_index (
  dispute_id varchar(200) primary key,
  sequence bigint not null,
  txid bigint not null,
  ordering bigint not null,
  call_id varchar(200) not null,
  account_id varchar(200) not null,
  campaign_id varchar(200) not null,
  agent_id varchar(200) not null,
  phase varchar(32) not null,
  reason varchar(40) not null,
  ground varchar(40),
  called_at bigint not null,
  deadline_at bigint not null,
  filed_at bigint not null,
  reviewed_at bigint,
  decided_at bigint,
  credited_at bigint,
  charged_micros bigint not null,
  credit_micros bigint,
  currency varchar(3) not null
) with (fillfactor = 70);
create index dispute_index_account on dispute_index (account_id, filed_at, dispute_id);
create index dispute_index_agent on dispute_index (agent_id, filed_at, dispute_id);
create index dispute_index_campaign on dispute_index (campaign_id, filed_at, dispute_id);
create index dispute_index_phase on dispute_index (phase, filed_at, dispute_id);
insert into schema_reach (version, oldest) values (15, 11);
