-- What is to be told to webhooks (ACC-7), and what was: each row names an event of the journal and holds nothing of what it says.
create table webhook_delivery (
  webhook_id varchar(200) not null,
  event_id varchar(300) not null,
  object varchar(255) not null,
  sequence bigint not null,
  event_name varchar(120) not null,
  account_id varchar(200) not null,
  noted_at bigint not null,
  state varchar(16) not null,
  attempts integer not null,
  first_at bigint not null,
  next_at bigint not null,
  last_at bigint,
  last_status integer,
  last_error varchar(200),
  primary key (webhook_id, event_id)
);
create index webhook_delivery_due on webhook_delivery (state, next_at);
create index webhook_delivery_object on webhook_delivery (webhook_id, object, sequence);
create index webhook_delivery_log on webhook_delivery (webhook_id, noted_at, event_id);
