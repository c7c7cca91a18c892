-- An event of 2 to 8 kB (the offer of a call, with what was said of a hundred candidates) is kept on its page as it is: to compress it, and to
-- cut it into pieces of a table beside, cost the database an eighth of its work for a whole call.
alter table event_journal set (toast_tuple_target = 8160);
insert into schema_reach (version, oldest) values (17, 11);
