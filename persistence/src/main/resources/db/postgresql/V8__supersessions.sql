-- What is read in the place of events that cannot be read (AUD-5): a signed note each, beside the journal. Never changed.
create table supersession (
  number bigint primary key,
  note text not null,
  made_at bigint not null
);
