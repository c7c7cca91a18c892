-- Which older builds may go on with a schema (OPS-8): a build that knows version "oldest" or a newer one works with version
-- "version". A migration that only expands adds its line; one without a line, or one that contracts, shuts older builds out.
create table schema_reach (
  version bigint primary key,
  oldest bigint not null
);
insert into schema_reach (version, oldest) values (10, 10);
