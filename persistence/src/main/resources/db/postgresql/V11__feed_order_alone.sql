-- The feed reads by (txid, ordering); an index over ordering alone served only the reference from event_tag, which stays empty,
-- and cost a quarter of the database's work for an event.
alter table event_tag drop constraint fk_event_journal;
drop index event_journal_ordering_idx;
