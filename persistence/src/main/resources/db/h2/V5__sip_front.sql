-- Who the SIP front ends do not hear for a while (ACC-8). Written by the edge that pronounced a ban, read by all; an operator lifts.
create table sip_ban (
  ban_id varchar(40) primary key,
  subject varchar(200) not null,
  offence varchar(40) not null,
  edge_id varchar(100) not null,
  begins_at bigint not null,
  ends_at bigint not null,
  lifted_at bigint,
  lifted_by varchar(200)
);
create index sip_ban_by_end on sip_ban (ends_at);
-- The last SIP messages of each call, masked (PRV-4), one line each; kept for some days.
create table sip_trace (
  call_id varchar(100) not null,
  edge_id varchar(100) not null,
  stored_at bigint not null,
  messages varchar(1000000) not null,
  primary key (call_id, edge_id)
);
create index sip_trace_by_age on sip_trace (stored_at);
