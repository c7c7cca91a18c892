-- A device may have several flows to us (RFC 5626), and stand behind proxies (RFC 3327).
alter table sip_binding add column instance varchar(200) default '' not null;
alter table sip_binding add column reg_id bigint default 0 not null;
alter table sip_binding add column path varchar(2000) default '' not null;
alter table sip_binding drop primary key;
alter table sip_binding add primary key (aor, contact, instance, reg_id);
