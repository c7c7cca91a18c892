-- What is read from the journal, and the little that is not an event. All times are microseconds since 1970 (UTC).
-- Overwritten rows leave room on their page (fillfactor), so that no index has to follow them.
-- Everything but edge_heartbeat, sip_binding and http_idempotency can be rebuilt from the journal.

-- How far each reader of the feed has come. On H2 txid is always 0.
create table feed_position (
  reader varchar(64) primary key,
  txid bigint not null,
  ordering bigint not null
);

-- The next deadline of every entity that has one.
create table due_index (
  entity varchar(255) primary key,
  sequence bigint not null,
  due_at bigint not null
) with (fillfactor = 70);
create index due_index_at on due_index (due_at, entity);

-- The latest state of entities that are listed and looked up.
create table entity_view (
  entity_type varchar(32) not null,
  entity_id varchar(200) not null,
  account_id varchar(200),
  sequence bigint not null,
  txid bigint not null,
  ordering bigint not null,
  state_name varchar(80) not null,
  state_version integer not null,
  state bytea not null,
  primary key (entity_type, entity_id)
) with (fillfactor = 70);
create index entity_view_account on entity_view (entity_type, account_id, entity_id);
create index entity_view_changed on entity_view (txid, ordering);

-- One row a call: the CDR, from the first event on.
create table call_index (
  call_id varchar(200) primary key,
  sequence bigint not null,
  txid bigint not null,
  ordering bigint not null,
  account_id varchar(200),
  campaign_id varchar(200),
  agent_id varchar(200),
  phase varchar(32) not null,
  direction varchar(16) not null,
  caller_blind varchar(80),
  called varchar(80),
  started_at bigint not null,
  connected_at bigint,
  ended_at bigint,
  connected_millis bigint,
  billable boolean not null,
  charged_micros bigint,
  currency varchar(3),
  end_reason varchar(80),
  repeats_call_id varchar(200),
  edge varchar(240)
) with (fillfactor = 70);
create index call_index_account on call_index (account_id, started_at, call_id);
create index call_index_agent on call_index (agent_id, started_at, call_id);
create index call_index_campaign on call_index (campaign_id, started_at, call_id);
create index call_index_running on call_index (edge) where ended_at is null;

-- Proof of life of each edge: one row an incarnation, kept until its calls are settled (QT-5).
create table edge_heartbeat (
  edge_id varchar(200) not null,
  incarnation varchar(200) not null,
  beat_at bigint not null,
  calls bytea not null,
  primary key (edge_id, incarnation)
);

-- Where an address of record can be reached just now (RFC 3261 section 10).
create table sip_binding (
  aor varchar(200) not null,
  contact varchar(400) not null,
  call_id varchar(400) not null,
  cseq bigint not null,
  expires_at bigint not null,
  edge_id varchar(200) not null,
  flow varchar(400) not null,
  user_agent varchar(200) not null,
  primary key (aor, contact)
);
create index sip_binding_expiry on sip_binding (expires_at);

-- Answers to requests that carried an Idempotency-Key.
create table http_idempotency (
  scope varchar(200) not null,
  request_key varchar(255) not null,
  request_digest varchar(64) not null,
  first_at bigint not null,
  begun_at bigint not null,
  status integer,
  content_type varchar(120),
  body bytea,
  primary key (scope, request_key)
);
create index http_idempotency_age on http_idempotency (first_at);
