-- A device may have several flows to us (RFC 5626), and stand behind proxies (RFC 3327). An older build calls each flow as a device of its own.
alter table sip_binding add column instance varchar(200) default '' not null;
alter table sip_binding add column reg_id bigint default 0 not null;
alter table sip_binding add column path varchar(2000) default '' not null;
insert into schema_reach (version, oldest) values (13, 11);
