-- Up to which line of the log of erasures this store has destroyed keys.
create table erasure_applied (
  number bigint primary key
);
